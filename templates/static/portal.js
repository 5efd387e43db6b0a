// Every page works without this file. It only adds comfort.
"use strict";
(() => {
  const problem = document.getElementById("problem");
  if (problem) problem.focus();
  // Show or hide a password.
  for (const button of document.querySelectorAll("button[data-shows]")) {
    const input = document.getElementById(button.dataset.shows);
    if (!input) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
  // Filter a list of checkboxes while typing, and count the changes.
  for (const list of document.querySelectorAll("[data-picklist]")) {
    const search = document.getElementById(list.dataset.picklist);
    const rows = [...list.querySelectorAll("[data-text]")];
    const filter = () => {
      const wanted = search.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.dataset.text.toLowerCase().includes(wanted);
      for (const set of list.querySelectorAll("fieldset")) set.hidden = !set.querySelector("[data-text]:not([hidden])");
    };
    if (search) search.addEventListener("input", filter);
    const live = document.getElementById("changes");
    if (live) list.addEventListener("change", () => {
      let added = 0, removed = 0;
      for (const box of list.querySelectorAll("input[type=checkbox]")) {
        if (box.checked && !box.defaultChecked) added += 1;
        if (!box.checked && box.defaultChecked) removed += 1;
      }
      live.textContent = `+${added} −${removed}`;
    });
  }
  // Copy a text shown once.
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const source = document.getElementById(button.dataset.copies);
    if (!source || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(source.textContent));
  }
})();
