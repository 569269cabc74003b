// Saves the draft of a report while people type. Without it the buttons of the form do the same; nothing depends on it.
// The server's words come with each answer in the reader's language; those for a lost connection stand in the form.

const PAUSE = 2500; // after the last key, in milliseconds
const LONGEST_WAIT = 20000; // while somebody types without a pause
const RETRY = 10000;

const form = document.querySelector("form[data-autosave]");
if (form) start(form);

function start(form) {
  const said = form.querySelector("[data-autosave-said]");
  const version = form.elements.namedItem("version");
  let timer = 0;
  let firstChange = 0;
  let saved = typed();
  let sending = false;
  let leaving = false; // a button was pressed: the browser sends the form itself
  let stopped = false; // the server said that it cannot be saved from here
  let lost = false; // the connection is gone and something is not saved

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "version") fields.append(name, value);
    }
    return fields.toString();
  }

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  function wait(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  async function save() {
    clearTimeout(timer);
    const now = typed();
    if (leaving || stopped || sending || now === saved) return;
    sending = true;
    firstChange = 0;
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(`${now}&version=${encodeURIComponent(version.value)}`),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      sending = false;
      lost = true;
      say(form.dataset.trying);
      wait(RETRY);
      return;
    }
    const told = await answer.json().catch(() => ({}));
    sending = false;
    if (leaving) return;
    if (answer.ok) {
      lost = false;
      saved = now;
      version.value = told.version;
      say(told.said);
      forget(told.unconfirmed);
      if (typed() !== saved) wait(PAUSE);
      return;
    }
    if (answer.status >= 500 || answer.status === 429) {
      lost = true;
      say(form.dataset.trying);
      wait(RETRY);
      return;
    }
    lost = false;
    stopped = answer.status !== 422; // a field that needs attention: tried again after the next change
    say(told.said || form.dataset.refused);
  }

  // What was carried over and is confirmed by now, because it was ticked or changed.
  function forget(unconfirmed) {
    for (const mark of form.querySelectorAll("[data-carried]")) {
      if (!unconfirmed.includes(mark.dataset.carried)) mark.hidden = true;
    }
  }

  form.addEventListener("input", () => {
    if (stopped) return;
    if (!lost) say(form.dataset.typing);
    const now = Date.now();
    firstChange = firstChange || now;
    wait(Math.max(0, Math.min(PAUSE, firstChange + LONGEST_WAIT - now)));
  });

  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });

  // Back from the page that followed, where the browser shows the form as it was left: it can be changed again.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });

  window.addEventListener("online", () => {
    if (lost) save();
  });

  // Only while something is typed that could not be sent.
  window.addEventListener("beforeunload", (event) => {
    if (lost && !leaving && typed() !== saved) event.preventDefault();
  });
}
