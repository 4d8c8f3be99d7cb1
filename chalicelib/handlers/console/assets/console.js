// What makes the console quicker to use. Without it every link and every form works; nothing here decides anything.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => row.offsetParent);
  const typing = (where) => where.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
  const at = () => rows().findIndex((row) => row.classList.contains("at"));

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const next = Math.min(all.length - 1, Math.max(0, at() + step));
    all.forEach((row, place) => row.classList.toggle("at", place === next));
    all[next].scrollIntoView({ block: "nearest" });
    const target = all[next].querySelector("a[href],button");
    if (target) target.focus({ preventScroll: true });
  }

  function mark() {
    const row = rows()[at()];
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.click();
  }

  // What is looked at beside a list, and where one came from.
  const panel = document.getElementById("panel");
  let peek = null;
  function closePanel() {
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    peek?.focus();
  }
  document.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) closePanel(); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = document.getElementById("keys");
    if (event.key === "Escape" && keys) keys.hidden = true;
    if (event.key === "Escape") closePanel();
    if (typing(event.target)) return;
    // Enter on a box would send the form, and so answer for all marked rows; it opens the row, as elsewhere in the table.
    if (event.key === "Enter" && event.target.matches("[data-rows] input[type=checkbox]")) {
      event.preventDefault();
      event.target.closest("tbody tr")?.querySelector("a[href]")?.click();
      return;
    }
    const acts = {
      "/": () => document.getElementById("find")?.focus(),
      j: () => move(1),
      k: () => move(at() < 0 ? 1 : -1),
      x: mark,
      o: () => rows()[at()]?.querySelector(".peek")?.click(),
      "?": () => { if (keys) keys.hidden = !keys.hidden; },
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.firstChild.textContent;
    button.firstChild.textContent = "✓";
    setTimeout(() => { button.firstChild.textContent = said; }, 1500);
  });

  // Marks all rows of a table, and says how many are marked.
  document.addEventListener("change", (event) => {
    const box = event.target;
    const form = box.closest("form");
    if (!form || box.type !== "checkbox") return;
    if (box.matches("[data-all]")) {
      form.querySelectorAll("tbody input[type=checkbox]:not(:disabled)").forEach((each) => { each.checked = box.checked; });
    }
    const count = form.querySelector("[data-marked]");
    if (count) count.textContent = form.querySelectorAll("tbody input[type=checkbox]:checked").length;
  });

  // A file that is dropped goes into the field of its form.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest && event.target.closest("[data-drop]");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragover");
      const field = zone.querySelector("input[type=file]");
      if (kind === "drop" && field && event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  // Which file was chosen stands beside its button; a browser that comes back to a page may have kept it.
  const chosen = (field) => {
    const shown = field.parentElement.querySelector(".chosen");
    if (!shown) return;
    const file = field.files[0];
    const kb = file ? Math.max(1, Math.round(file.size / 1024)) : 0;
    shown.textContent = file ? `${file.name}（${kb < 1024 ? `${kb} KB` : `${(kb / 1024).toFixed(1)} MB`}）` : shown.dataset.none;
    shown.classList.toggle("is", Boolean(file));
  };
  document.addEventListener("change", (event) => { if (event.target.type === "file") chosen(event.target); });
  window.addEventListener("pageshow", () => document.querySelectorAll(".pick input").forEach(chosen));

  // A file that is too large for its form is told so before it is sent.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.dataset || !field.dataset.most) return;
    const file = field.files[0];
    field.setCustomValidity(file && file.size > Number(field.dataset.most) ? field.dataset.tooLarge : "");
    field.reportValidity();
  });

  // What cannot be sent stays in its form, which says so: the page that the browser would show instead has lost it.
  const unsent = (form) => {
    const offline = document.getElementById("offline");
    if (form.closest(".bar")) return;
    const note = form.querySelector("[data-unsent]") || document.createElement("div");
    note.className = "note bad";
    note.setAttribute("role", "alert");
    note.dataset.unsent = "";
    note.textContent = offline ? offline.dataset.unsent : "";
    form.prepend(note);
    note.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopPropagation();
    unsent(event.target);
  }, true);
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest("form");
      if (form) { delete form.dataset.sent; unsent(form); }
    });
  }
  window.addEventListener("online", () => document.querySelectorAll("[data-unsent].note").forEach((note) => note.remove()));

  // A form is sent once; a second press while it is on its way does nothing.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    // One that only brings a file stays on its page and may be sent again. A field of the name `method` hides the form's.
    if (form.getAttribute("method") === "post" && !form.hasAttribute("data-again")) form.dataset.sent = "yes";
    form.querySelectorAll("[data-busy]").forEach((each) => { each.hidden = false; });
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    document.querySelectorAll("[data-busy]").forEach((each) => { each.hidden = true; });
  });

  // What was asked for and came into the page is read on from there.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "viewer") document.getElementById("viewer")?.focus({ preventScroll: true });
    if (event.detail.target.id === "peeked") {
      peek = event.detail.requestConfig.elt;
      panel.querySelector("[data-whole]").href = peek.getAttribute("hx-get");
      panel.hidden = false;
      panel.scrollTop = 0;
      panel.focus({ preventScroll: true });
    }
  });

  // On a narrow screen the navigation is a row that scrolls: the current entry is brought into sight.
  document.querySelector("nav.side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // The head of a table stays in sight where the table need not scroll by itself.
  const fit = () => document.querySelectorAll(".scroll").forEach((each) => {
    each.classList.remove("fits");
    each.classList.toggle("fits", each.scrollWidth <= each.clientWidth);
  });
  fit();
  window.addEventListener("resize", fit);
  document.addEventListener("htmx:afterSettle", fit);

  // How much waits behind each entry is asked for once the page is there; where no answer comes, nothing is shown.
  const nav = document.querySelector("nav[data-waiting]");
  if (nav) {
    fetch(nav.dataset.waiting, { redirect: "error", priority: "low" }).then((answer) => (answer.ok ? answer.json() : {})).then((counts) => {
      for (const [entry, waiting] of Object.entries(counts)) {
        const count = nav.querySelector(`[data-entry="${CSS.escape(entry)}"]`);
        if (!count) continue;
        count.firstElementChild.textContent = waiting.text;
        count.classList.toggle("late", waiting.late);
        count.hidden = false;
      }
    }).catch(() => {});
  }

  const offline = document.getElementById("offline");
  const connection = () => { if (offline) offline.hidden = navigator.onLine; };
  window.addEventListener("online", connection);
  window.addEventListener("offline", connection);
  connection();
})();
