// A slider over the reporting cycles, made of the links that are there without it. Moving it fetches the page behind
// the link and puts its parts (data-swap) in the place of those shown; the slider itself stays where the hand is.
const WAIT = 200;

function start() {
  for (const nav of document.querySelectorAll("[data-cycles]")) slider(nav);
}

function slider(nav) {
  const links = [...nav.querySelectorAll("[data-cycle]")];
  if (links.length < 2) return;
  const label = document.createElement("label");
  const input = document.createElement("input");
  const shown = document.createElement("output");
  label.className = "govuk-label";
  label.textContent = nav.dataset.label;
  input.className = "ct-cycles__range";
  Object.assign(input, { type: "range", id: "cycles-range", min: 0, max: links.length - 1, step: 1 });
  input.value = Math.max(0, links.findIndex((link) => link.hasAttribute("aria-current")));
  label.htmlFor = shown.htmlFor = input.id;
  const say = () => {
    shown.textContent = links[input.value].textContent;
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  say();
  nav.prepend(label, input, shown);
  let timer;
  input.addEventListener("input", () => {
    say();
    clearTimeout(timer);
    timer = setTimeout(() => show(links, Number(input.value), nav), WAIT);
  });
}

async function show(links, number, nav) {
  const address = links[number].href;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-swap]")) {
      const next = page.getElementById(part.id);
      if (next) part.replaceWith(document.adoptNode(next));
    }
    document.title = page.title;
    history.replaceState(null, "", address);
    links.forEach((link, at) => (at === number ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  } catch {
    nav.querySelector("output").textContent = nav.dataset.failed;
  }
}

start();
