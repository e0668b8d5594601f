// Makes pages a little quicker where scripts run; without it everything works.
"use strict";

// What is wrong with a form, or has been done, is read out and brought into view.
const told = document.querySelector(".faults, .notice");
if (told) {
  told.focus({ preventScroll: false });
}

// What came back with faults after signing in again stands at its own address.
const back = document.querySelector("main[data-here]");
if (back && location.pathname === "/sign-in") {
  history.replaceState(null, "", back.dataset.here);
}

// On a phone the menu and the filters begin folded; without scripts they can be folded by hand.
const narrow = matchMedia("(max-width: 34rem)");
const fold = () => {
  for (const one of document.querySelectorAll("details.fold")) one.open = !narrow.matches;
};
if (narrow.matches) fold();
narrow.addEventListener("change", fold);

// The address forgets that something was just done, so that a reload does not tell it again.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  here.searchParams.delete("doneTo");
  history.replaceState(null, "", here);
}

// While likelihood and consequence are chosen, what they come to is shown.
for (const scale of document.querySelectorAll("[data-scale]")) {
  const form = scale.closest("form");
  const result = scale.querySelector("[data-result]");
  const show = () => {
    const data = new FormData(form);
    const cell = scale.querySelector(`[data-cell="${data.get("likelihood")}-${data.get("consequence")}"]`);
    for (const other of scale.querySelectorAll(".chosen")) other.classList.remove("chosen");
    if (cell) cell.classList.add("chosen");
    result.textContent = cell ? cell.dataset.said : "";
  };
  form.addEventListener("change", show);
  show();
}

// Leaving with something written and not sent asks first.
const written = new Set();
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("input", () => written.add(form));
  form.addEventListener("submit", (event) => {
    // A second press while the first is under way does nothing.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
// What takes its time is told while it does.
for (const form of document.querySelectorAll("form[data-making]")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "_yes") document.querySelector("#making").textContent = form.dataset.making;
  });
}
// What is written in long texts is kept meanwhile, for its writer alone.
for (const form of document.querySelectorAll("form[data-kept]")) {
  const told = form.querySelector("[data-kept-told]");
  let waiting;
  let keeping;
  const keep = async () => {
    const kept = new URLSearchParams(new FormData(form));
    kept.set("_page", location.pathname);
    waiting = undefined;
    try {
      const answer = await fetch("/drafts", { method: "POST", body: kept, signal: AbortSignal.timeout(5000) });
      if (!answer.ok) return;
      told.textContent = await answer.text();
      if (!waiting) written.delete(form);
    } catch {
      // Without the network, or with a slow one, it is asked about before one leaves.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { keeping = keep(); }, 1500);
  });
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(waiting);
    if (!keeping) return;
    // What is sent must not be overtaken by what was kept before it.
    event.preventDefault();
    await keeping;
    keeping = undefined;
    delete form.dataset.sent;
    form.requestSubmit(event.submitter);
  });
}
// A field grows with its text, also where the browser does not do that itself.
if (!CSS.supports("field-sizing", "content")) {
  for (const area of document.querySelectorAll("textarea")) {
    const grow = () => {
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.8)}px`;
    };
    area.addEventListener("input", grow);
    if (area.value) grow();
  }
}
const forgetSent = () => { for (const form of document.forms) delete form.dataset.sent; };
addEventListener("beforeunload", (event) => {
  // What is sent is not lost; what stands in another form would be.
  if (![...written].some((form) => !form.dataset.sent)) return;
  event.preventDefault();
  forgetSent();
});
addEventListener("pageshow", forgetSent);
