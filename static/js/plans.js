// The slider of the calculator and its number say the same; the number is what the form sends.

const slider = document.querySelector("[data-mirrors]");
const hours = document.getElementById(slider.dataset.mirrors);

slider.addEventListener("input", () => {
  hours.value = slider.value;
});

hours.addEventListener("input", () => {
  const typed = Number(hours.value.replace(",", "."));
  if (typed >= 0) slider.value = typed;
});
