// Keys at the review desk: from one report to the next, and to the parts of the page. Nothing depends on them: the
// links stand on the page. Off while something is typed, and off for good where the reader says so (WCAG 2.1.4).
const box = document.querySelector("[data-review-keys]");
const KEPT = "review-keys-off";
const PLACES = { a: "answers", e: "evidence", q: "questions", d: "steps" };

function isOff() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function draw() {
  const off = isOff();
  box.querySelector("span").hidden = off;
  box.querySelector("button").textContent = off ? box.dataset.off : box.dataset.on;
}

function types(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

if (box) {
  box.hidden = false;
  draw();
  box.querySelector("button").addEventListener("click", () => {
    try {
      if (isOff()) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "1");
    } catch {
      return;
    }
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isOff() || types(event.target)) return;
    const key = event.key.toLowerCase();
    const link = document.querySelector(`[data-review-key~="${CSS.escape(key)}"]`);
    const place = PLACES[key] && document.getElementById(PLACES[key]);
    if (link) link.click();
    else if (place) {
      place.tabIndex = -1;
      place.focus();
      place.scrollIntoView();
    } else return;
    event.preventDefault();
  });
}
