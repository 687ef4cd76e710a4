// Small comforts. Every page works without them.

document.documentElement.classList.add("scripted");

// a choice that is sent as soon as it is made
for (const each of document.querySelectorAll("[data-send]")) {
  each.addEventListener("change", () => each.form.requestSubmit());
}

// what went wrong is read first
document.querySelector("[data-focus]")?.focus();

// a form goes out once, however often its button is pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const large = [...form.elements].find((each) => each.validity?.customError);
  if (large) {
    event.preventDefault();
    large.reportValidity();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  // what may answer with a file leaves the page where it is: its form is free again then
  if (form.dataset.givesFile !== undefined) setTimeout(() => free(form), 5000);
});
function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) free(form);
});

// a file that the node would refuse for its size is refused here, before anything that was typed is on its way
for (const field of document.querySelectorAll("input[type=file][data-largest]")) {
  field.addEventListener("change", () => {
    const large = [...field.files].some((each) => each.size > Number(field.dataset.largest));
    field.setCustomValidity(large ? field.dataset.tooLarge : "");
    field.reportValidity();
  });
}

// progress: the server tells, and tells when it is over; then the page is asked for once more
for (const block of document.querySelectorAll("[data-progress]")) {
  const told = new EventSource(block.dataset.progress);
  const bar = block.querySelector("progress");
  const status = block.querySelector("[data-status]");
  told.addEventListener("progress", (event) => {
    const { share, state } = JSON.parse(event.data);
    if (share === null) bar.removeAttribute("value");
    else bar.value = Math.round(share * 100);
    status.textContent = state;
  });
  told.addEventListener("end", (event) => {
    told.close();
    const { state, address } = JSON.parse(event.data);
    status.textContent = state;
    if (address) location.assign(address);
  });
  addEventListener("pagehide", () => told.close());
}
