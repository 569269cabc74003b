// Shows how far a file has got. Without scripts the form is sent as any other and the browser shows its own sign.
// Everything is decided by the server: what it answers is what the person sees.

const READY = 4;

function begin(form) {
  const input = form.querySelector('input[type="file"]');
  const panel = form.querySelector("[data-upload-progress]");
  if (!input || !panel) return;
  const bar = panel.querySelector("progress");
  const said = panel.querySelector("[data-upload-said]");
  const button = form.querySelector('button[type="submit"]');
  let sending = false;

  function say(text) {
    panel.hidden = false;
    if (said.textContent !== text) said.textContent = text;
  }

  function stop(text) {
    sending = false;
    button.disabled = false;
    bar.hidden = true;
    say(text);
  }

  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    if (sending) return;
    if (file.size > Number(form.dataset.most)) {
      stop(form.dataset.tooLarge);
      input.focus();
      return;
    }
    sending = true;
    button.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    say(form.dataset.sent.replace("{}", "0"));
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "upload");
    let told = 0;
    request.upload.addEventListener("progress", (progress) => {
      if (!progress.lengthComputable) return;
      const percent = Math.floor((100 * progress.loaded) / progress.total);
      bar.value = percent;
      // Read out in steps, so that a screen reader is not kept talking.
      if (percent >= told + 10 || percent === 100) {
        told = percent;
        say(percent === 100 ? form.dataset.writing : form.dataset.sent.replace("{}", String(percent)));
      }
    });
    request.addEventListener("error", () => stop(form.dataset.broken));
    request.addEventListener("abort", () => stop(form.dataset.broken));
    request.addEventListener("readystatechange", () => {
      if (request.readyState !== READY || request.status === 0) return;
      if (request.status === 200 && (request.getResponseHeader("Content-Type") || "").includes("json")) {
        window.location.assign(JSON.parse(request.responseText).location);
      } else {
        show(request.responseText, input);
      }
    });
    request.send(new FormData(form));
  });
}

// The page that the server answered instead (a field to mend, a sign-in): its content in place of this one.
function show(html, input) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const main = answer.querySelector("main");
  if (!main) {
    window.location.reload();
    return;
  }
  document.title = answer.title;
  const fresh = document.adoptNode(main);
  document.querySelector("main").replaceWith(fresh);
  const field = fresh.querySelector('input[type="file"]');
  if (field && !field.classList.contains("govuk-file-upload--error")) {
    field.files = input.files; // chosen already, and not what is wrong
  }
  fresh.querySelectorAll("form[data-upload]").forEach(begin);
  const summary = fresh.querySelector(".govuk-error-summary");
  const target = summary || fresh.querySelector("h1");
  target.setAttribute("tabindex", "-1");
  target.focus();
  window.scrollTo(0, 0);
}

document.querySelectorAll("form[data-upload]").forEach(begin);
