// A picture that waits until it comes near would be missing on paper.
function fetchPictures() {
  for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
}

addEventListener("beforeprint", fetchPictures);
matchMedia("print").addEventListener("change", fetchPictures);
