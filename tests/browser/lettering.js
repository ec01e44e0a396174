// Where the letters of a picture have no room: labels that leave the picture,
// and pairs that touch. Labels are told by their number.
svg => {
  document.body.innerHTML = svg;
  const picture = document.querySelector('svg');
  const whole = picture.getBoundingClientRect();
  // A box is as high as a line; the letters of most lines are lower.
  const letters = element => {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    const upright = right - left >= bottom - top;
    const [x, y] = upright ? [0, (bottom - top) / 4] : [(right - left) / 4, 0];
    return [left + x, right - x, top + y, bottom - y];
  };
  const boxes = [...picture.querySelectorAll('text')].map(letters);
  const within = ([left, right, top, bottom]) =>
    left >= whole.left - 1 && right <= whole.right + 1 &&
    top >= whole.top - 1 && bottom <= whole.bottom + 1;
  const apart = (a, b) => a[1] <= b[0] + 1 || b[1] <= a[0] + 1 ||
    a[3] <= b[2] + 1 || b[3] <= a[2] + 1;
  const numbers = [...boxes.keys()];
  return [
    ...numbers.filter(i => !within(boxes[i])).map(i => `${i} leaves`),
    ...numbers.flatMap(i => numbers.slice(i + 1)
      .filter(j => !apart(boxes[i], boxes[j])).map(j => `${i} touches ${j}`)),
  ];
}
