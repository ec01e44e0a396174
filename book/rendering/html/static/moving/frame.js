// What all figures that move have in common. A figure is an object:
//   words: {en, zh}, its texts, among them `title`, and for each control
//     the one of its name
//   start: the state that the picture in print shows
//   controls: see `makers`; formulas: those of the chapter, for the tests
//   panels(state, words, ink): its drawings, from `panel`
//   tell(state, words): the sentence with the numbers that matter
//   settle(state), if any: the state with what follows from it
//   touch(panel, x, y, state), if any: what a touch of a drawing changes
'use strict';

globalThis.moving = (() => {
  const defined = {};
  const SVG = 'http://www.w3.org/2000/svg';
  const NAMES = ['text', 'muted', 'line', 'ground', 'soft', 'blue', 'orange',
    'green', 'violet'];
  const LIVE = Object.fromEntries(
    NAMES.map(name => [name, `var(--moving-${name})`]));
  const PAPER = {text: '#1f2933', muted: '#52606d', line: '#cbd2d9',
    ground: '#ffffff', soft: '#eef1f4', blue: '#2f6db5', orange: '#c8641b',
    green: '#3d8b4a', violet: '#7d4fa3'};

  // Numbers as the figures write them.
  const sign = text => text.replace(/^-/, '−').replace('NaN', 'nan')
    .replace('Infinity', 'inf');
  const fixed = (value, digits) =>
    sign(value.toFixed(digits)).replace(/^−(0\.?0*)$/, '$1');
  const plain = value => sign(`${+value.toPrecision(3)}`);
  const RAISED = '⁻⁰¹²³⁴⁵⁶⁷⁸⁹';
  const raised = power => `10${[...`${power}`].map(x =>
    RAISED['-0123456789'.indexOf(x)]).join('')}`;
  function short(value) {
    const size = Math.abs(value);
    if (size === 0 || !Number.isFinite(value)) return sign(`${value}`);
    if (size >= 0.001 && size < 1e5) {
      return fixed(value, Math.max(0, 2 - Math.floor(Math.log10(size))));
    }
    const [digits, power] = value.toExponential(1).split('e');
    return `${sign(digits)} · ${raised(+power)}`;
  }

  // Drawings as text, so that the page and the picture share them.
  const escaped = text => `${text}`.replace(/[&<>]/g,
    x => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[x]);
  const round = value => typeof value === 'number' ? +value.toFixed(2) : value;
  const tag = (name, attributes, inside = '') =>
    `<${name} ${Object.entries(attributes)
      .map(([key, value]) => `${key}="${round(value)}"`).join(' ')}${
      inside === '' ? '/>' : `>${inside}</${name}>`}`;
  const label = (x, y, text, fill, more = {}) => scripted(text) ?
    parts(x, y, scripted(text), fill, more) : tag('text',
      {x, y, fill, 'text-anchor': 'middle', ...more}, escaped(text));

  // Raised or lowered digits at the end of a label are drawn apart: not
  // every font in print has them. Widths are those of Helvetica.
  const scripted = text => `${text}`.match(/^(.+?)([⁻⁰¹²³⁴-⁹]+|[₀-₉]+)$/);
  function parts(x, y, [, base, end], fill, {'text-anchor': anchor}) {
    const small = [...end].map(digit => RAISED.includes(digit) ?
      '−0123456789'[RAISED.indexOf(digit)] : '₀₁₂₃₄₅₆₇₈₉'.indexOf(digit));
    const [wide, narrow] = [8 * base.length, 5.4 * small.length];
    const from = {start: wide, end: -narrow}[anchor] ?? (wide - narrow) / 2;
    return [label(x + from, y, base, fill, {'text-anchor': 'end'}),
      label(x + from + 1, RAISED.includes(end[0]) ? y - 5 : y + 3,
        small.join(''), fill, {'text-anchor': 'start', 'font-size': 9})];
  }
  const panel = (width, height, ...marks) =>
    ({width, height, marks: marks.flat(9).join('\n')});

  // Return what draws into a box: [left, top, width, height] in pixels.
  function plot({x, y, log = false, box = [46, 26, 264, 170]}) {
    const [left, top, width, height] = box;
    const level = log ? value => Math.log10(Math.max(value, 1e-300)) : Number;
    const [low, high] = y.map(level);
    const far = value => Math.max(-1e4, Math.min(1e4, value));
    const px = value => left + width * (value - x[0]) / (x[1] - x[0]);
    const py = value =>
      far(top + height * (high - level(value)) / (high - low));
    const known = points => points.filter(point => !point.some(Number.isNaN));
    return {
      px, py,
      // What is drawn outside of the box is cut off.
      inside: (...marks) => tag('svg', {x: left, y: top, width, height,
        viewBox: box.join(' ')}, marks.flat(9).join('\n')),
      line: (points, stroke, more = {}) => tag('path', {
        d: known(points).map(([a, b], i) =>
          `${i ? 'L' : 'M'}${round(px(a))} ${round(py(b))}`).join(''),
        fill: 'none', stroke, 'stroke-width': 2, ...more}),
      dots: (points, fill, r = 3) => known(points).map(([a, b]) =>
        tag('circle', {cx: px(a), cy: py(b), r, fill})),
      // ticks: numbers, or pairs of a number and its label
      axes: (ink, {title, xlabel, ylabel, xticks = [], yticks = []}) => [
        tag('rect', {x: left, y: top, width, height, fill: 'none',
          stroke: ink.line}),
        xticks.map(tick => [tick].flat()).map(([at, text = sign(`${at}`)]) =>
          label(px(at), top + height + 16, text, ink.muted)),
        yticks.map(tick => [tick].flat()).map(
          ([at, text = log ? raised(Math.log10(at)) : sign(`${at}`)]) => [
            tag('path', {d: `M${left} ${round(py(at))}h${width}`,
              stroke: ink.line, 'stroke-width': 0.5}),
            label(left - 6, py(at) + 4, text, ink.muted,
              {'text-anchor': 'end'})]),
        title && label(left, top - 9, title, ink.text,
          {'text-anchor': 'start'}),
        xlabel && label(left + width / 2, top + height + 34, xlabel, ink.text),
        ylabel && label(left - 36, top - 9, ylabel, ink.text,
          {'text-anchor': 'start'}),
      ].flat(9).filter(Boolean),
    };
  }

  // A random number after the other from 0 to 1, the same for each seed.
  function uniform(seed) {
    let state = seed >>> 0;
    return () => {
      state = state + 0x6D2B79F5 >>> 0;
      let x = Math.imul(state ^ state >>> 15, 1 | state);
      x ^= x + Math.imul(x ^ x >>> 7, 61 | x);
      return ((x ^ x >>> 14) >>> 0) / 2 ** 32;
    };
  }

  // Return an element; children are elements or text.
  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  const isButton = element => element.localName === 'button';

  // For each kind of control: its element, and what shows a state in it.
  const makers = {
    // {name, min, max, step, show: value -> text}
    range({name, min, max, step, show = String}, words, change) {
      const input = make('input', {type: 'range', min, max, step,
        oninput: () => change({[name]: +input.value})});
      const value = make('span', {className: 'moving-value',
        ariaHidden: 'true'});
      const element = make('label', {},
        make('span', {}, words[name], ' ', value), input);
      return [element, state => {
        input.value = state[name];
        value.textContent = input.ariaValueText = show(state[name], words);
      }];
    },
    // {name, options: values}, whose texts are words[name + value]
    choice({name, options}, words, change) {
      const group = `moving-${name}`;
      const inputs = options.map(value => make('input', {type: 'radio',
        name: group, onchange: () => change({[name]: value})}));
      const labels = options.map((value, i) =>
        make('label', {}, inputs[i], ' ', words[`${name}${value}`]));
      const element = make('fieldset', {},
        make('legend', {}, words[name]), ...labels);
      return [element, state => inputs.forEach((input, i) => {
        input.checked = state[name] === options[i];
      })];
    },
    // {name}: true or false
    check({name}, words, change) {
      const input = make('input', {type: 'checkbox',
        onchange: () => change({[name]: input.checked})});
      return [make('label', {className: 'moving-check'}, input, ' ',
        words[name]), state => { input.checked = state[name]; }];
    },
    // {name, rows, columns, step}: a list of numbers
    numbers({name, columns, step}, words, change, state) {
      const inputs = state[name].map((_, i) => make('input', {
        type: 'number', step, ariaLabel: words[`${name}Label`](i),
        oninput: () => change({[name]: inputs.map(x => +x.value || 0)})}));
      const grid = make('div', {className: 'moving-grid'}, ...inputs);
      grid.style.setProperty('--columns', columns);
      const element = make('fieldset', {}, make('legend', {}, words[name]),
        grid);
      return [element, now => inputs.forEach((input, i) => {
        if (document.activeElement !== input) input.value = now[name][i];
      })];
    },
    // {name, act: state -> changes, times}
    button({name, act, times = 1}, words, change) {
      const element = make('button', {type: 'button',
        onclick: () => change(act, times)}, words[name]);
      return [element, () => {}];
    },
  };

  // Small drawings may stand beside one another on a telephone, too.
  const least = ({width}) => width < 300 ? 130 : width;

  const drawn = (name, ink, words, state) =>
    defined[name].panels(state, words, ink);

  // Return the picture of a figure as it starts, for a file.
  function picture(name, language) {
    const words = defined[name].words[language];
    const panels = drawn(name, PAPER, words, defined[name].start);
    let width = 0;
    const groups = panels.map(panel => {
      const moved = tag('g', {transform: `translate(${width} 0)`},
        `\n${panel.marks}\n`);
      width += panel.width;
      return moved;
    });
    const height = Math.max(...panels.map(panel => panel.height));
    return [
      `<svg xmlns="${SVG}" viewBox="0 0 ${width} ${height}" width="${width
      }" height="${height}" font-family="Helvetica, Arial, sans-serif" ` +
      'font-size="13" role="img">',
      tag('title', {}, escaped(words.title)).replace(' >', '>'),
      tag('rect', {width, height, rx: 6, fill: PAPER.ground}),
      ...groups, '</svg>', ''].join('\n');
  }

  // Put a figure in the place of its picture.
  function place(name, image) {
    const figure = defined[name];
    const words = figure.words[document.documentElement.lang.slice(0, 2)];
    let state = {...figure.start};
    let turn = 0;
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const panels = make('div', {className: 'moving-panels', role: 'img',
      ariaLabel: words.title});
    if (figure.touch) panels.onclick = event => change(touched(event));
    const told = make('p', {className: 'moving-told', ariaLive: 'polite'});

    // Change the state; a function changes it several times, one by one.
    async function change(changes, times = 1) {
      const mine = ++turn;
      for (let i = 0; i < times && mine === turn; i++) {
        const more = changes instanceof Function ? changes(state) : changes;
        state = {...state, ...more};
        if (still.matches && i < times - 1) continue;
        show();
        if (times > 1) await new Promise(next => setTimeout(next, 60));
      }
    }

    // Say to the figure which drawing was touched, and where.
    function touched({target, clientX, clientY}) {
      const svg = target.closest('.moving-panels > svg');
      if (!svg) return {};
      const {left, top, width} = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / width;
      return figure.touch([...panels.children].indexOf(svg),
        (clientX - left) * scale, (clientY - top) * scale, state);
    }

    const controls = figure.controls.map(control =>
      makers[control.kind](control, words, change, state));

    function show() {
      if (figure.settle) state = figure.settle(state);
      panels.innerHTML = drawn(name, LIVE, words, state).map(panel =>
        tag('svg', {viewBox: `0 0 ${panel.width} ${panel.height}`,
          style: `flex-basis:${least(panel)}px;max-width:min(100%,${
            1.25 * panel.width}px)`}, panel.marks)).join('');
      told.textContent = figure.tell(state, words);
      for (const [, update] of controls) update(state);
    }

    const group = make('div', {className: 'moving', role: 'group',
      ariaLabel: words.title}, panels, told,
    make('div', {className: 'moving-controls'},
      ...controls.map(([element]) => element).filter(x => !isButton(x)),
      make('div', {className: 'moving-buttons'},
        ...controls.map(([element]) => element).filter(isButton))));
    group.id = `moving-${name}`;
    show();
    image.before(group);
    image.classList.add('moving-asleep');
  }

  const define = (name, figure) => { defined[name] = figure; };
  return {define, defined, place, picture, plot, panel, tag, label, uniform,
    fixed, plain, raised, short};
})();
