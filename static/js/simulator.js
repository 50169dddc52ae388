// Copying the address of the answer, and printing it. The buttons are hidden where scripts are off.

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // refused by the browser: the address is selected, to be copied by hand
    }
    copy.querySelector("span").textContent = copy.dataset.done;
    document.getElementById("spoken").textContent = copy.dataset.done;
  }
  if (event.target.closest("[data-print]")) window.print();
});
