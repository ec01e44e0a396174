// Shows what find.js finds while one types, below each field of the search:
// a combobox and its list, by the pattern of that name of the W3C.
'use strict';

{
  const MOST = 8; // results in the dialogue
  const root = document.documentElement.dataset.content_root;

  const load = (file) =>
    new Promise((loaded, failed) => {
      const script = document.createElement('script');
      Object.assign(script, {src: root + file, async: false});
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });

  let loading;
  const loadAll = () =>
    (loading ??= Promise.all(['searchindex.js', '_static/find.js'].map(load)));

  // Return an element with properties or attributes, and what is in it.
  const make = (tag, attributes, ...content) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      element.setAttribute(name, value);
    element.append(...content);
    return element;
  };

  const option = (address, ...content) =>
    make('a', {role: 'option', href: root + address}, ...content);

  const marked = (text, words) =>
    excerpt(text, words).map((part, i) =>
      i % 2 ? make('mark', {}, part) : part,
    );

  // Return what stands below a result: prose, or names if only code has it.
  const context = ({prose, code}, words) => {
    const inProse = words.some((word) => level(prose, word) >= 0);
    const names = code
      .split(' ')
      .filter((name) => words.some((word) => level(name, word) >= 0));
    return inProse || !names.length
      ? marked(prose, words)
      : [BOOK.words.in_code, ...marked(names.join(', '), words)];
  };

  const result = (hit, words) => {
    const head = make('b', {}, hit.title);
    const link = option(
      `${hit.name}.html${hit.anchor}`,
      head,
      ...(hit.label ? [make('i', {}, ` › ${hit.label}`)] : []),
      make('span', {}, ...context(hit, words)),
    );
    link.addEventListener('click', () => keepMarks(link));
    return link;
  };

  // Have Sphinx mark on the next page what is marked in a result.
  const keepMarks = (link) => {
    const words = [...link.querySelectorAll('mark')].map((mark) =>
      mark.textContent.toLowerCase(),
    );
    const text = [...new Set(words.flatMap((x) => x.split(' ')))].join(' ');
    try {
      localStorage.setItem('sphinx_highlight_terms', text);
    } catch {
      // nothing is marked then
    }
  };

  const count = (number) =>
    number === 1 ? BOOK.words.page : BOOK.words.pages.replace('{}', number);

  // Return what to say and the options for a query.
  const answer = (query, most) => {
    const {words, hits} = find(query);
    if (!hits.length) return helpful(query);
    const options = hits.slice(0, most).map((hit) => result(hit, words));
    if (hits.length > most)
      options.push(option(
        `search.html?q=${encodeURIComponent(query)}`,
        BOOK.words.all.replace('{}', hits.length),
      ));
    return [count(hits.length), options];
  };

  const helpful = (query) => {
    const terms = nearest(query);
    return [
      BOOK.words.nothing + (terms.length ? BOOK.words.nearest : ''),
      [
        ...terms.map((hit) => result(hit, [])),
        option('genindex.html', BOOK.words.index),
      ],
    ];
  };

  // Make a field of the search show results; `most` of them.
  const attach = (form, number, most) => {
    const input = form.querySelector('input');
    const id = `search-list-${number}`;
    const status = make('p', {role: 'status'});
    const list = make('div', {id, role: 'listbox'});
    form.after(make('div', {class: 'found', hidden: ''}, status, list));
    for (const [name, value] of Object.entries({
      role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id,
      'aria-expanded': false}))
      input.setAttribute(name, value);

    const choose = (chosen) => {
      for (const [i, x] of [...list.children].entries()) {
        x.id = `${id}-${i}`;
        x.setAttribute('aria-selected', x === chosen);
      }
      input.setAttribute('aria-activedescendant', chosen?.id ?? '');
      chosen?.scrollIntoView({block: 'nearest'});
    };

    const show = async () => {
      await loadAll();
      const query = input.value.trim();
      const [say, options] = query ? answer(query, most) : ['', []];
      list.setAttribute('aria-label', BOOK.words.results);
      list.replaceChildren(...options);
      status.textContent = say;
      list.parentNode.hidden = !query;
      input.setAttribute('aria-expanded', options.length > 0);
      choose();
      if (most === Infinity)
        history.replaceState(null, '', query
          ? `?q=${encodeURIComponent(query)}` : location.pathname);
    };

    const move = (step) => {
      const options = [undefined, ...list.children];
      const now = options.findIndex(
        (x) => x?.getAttribute('aria-selected') === 'true');
      const from = Math.max(now, 0) + step + options.length;
      choose(options[from % options.length]);
    };

    input.addEventListener('focus', loadAll, {once: true});
    input.addEventListener('input', show);
    input.addEventListener('keydown', (event) => {
      const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      const chosen = list.querySelector('[aria-selected=true]');
      if (event.isComposing || !(step || (event.key === 'Enter' && chosen)))
        return;
      event.preventDefault();
      step ? move(step) : chosen.click();
    });
    return {input, show};
  };

  // The theme's dialogue of Ctrl+K is closed when the keyboard leaves it.
  const dialogue = document.querySelector('.search-button__wrapper');
  const field = dialogue?.querySelector('form');
  if (field) {
    const name = field.querySelector('input').getAttribute('aria-label');
    for (const [key, value] of Object.entries({
      role: 'dialog', 'aria-modal': true, 'aria-label': name}))
      dialogue.setAttribute(key, value);
    dialogue.addEventListener('focusout', ({relatedTarget}) => {
      if (relatedTarget && !dialogue.contains(relatedTarget))
        dialogue.classList.remove('show');
    });
    attach(field, 0, MOST);
  }

  const page = document.querySelector('.bd-search-container form');
  if (page) {
    const {input, show} = attach(page, 1, Infinity);
    input.value = new URLSearchParams(location.search).get('q') ?? '';
    if (input.value) show();
  }
}
