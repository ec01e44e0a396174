// Tells JupyterLab 4 and Notebook 7 that a page with code cells is a
// notebook. They choose the widget by the name of a file alone, so the
// server lists the names of pages that are text. Needs no build step.
(() => {
  const name = 'chapters-as-notebooks';
  const settings = document.getElementById('jupyter-config-data');
  const { baseUrl, notebookPage, prose = [] } = JSON.parse(
    settings.textContent
  );
  const page = {
    name: 'chapter',
    displayName: 'Chapter',
    extensions: ['.md'],
    pattern: `^(?!(${prose.join('|')})\\.md$).*\\.md$`,
    mimeTypes: ['text/markdown'],
    contentType: 'notebook',
    fileFormat: 'json'
  };

  function register(registry) {
    if (!registry.getWidgetFactory('Notebook')) return false;
    registry.changed.disconnect(register);
    registry.addFileType(page, ['Notebook']);
    return true;
  }

  // The file list of Notebook 7 opens all but .ipynb in its text editor.
  function leaveEditor() {
    const edit = new URL(`${baseUrl}edit/`, location).pathname;
    const chapter = new RegExp(page.pattern);
    const file = decodeURIComponent(location.pathname.split('/').pop());
    const wanted = new URLSearchParams(location.search).get('factory');
    const usual = !wanted || wanted === 'default';
    if (usual && location.pathname.startsWith(edit) && chapter.test(file)) {
      const path = location.pathname.slice(edit.length);
      location.replace(`${baseUrl}notebooks/${path}`);
    }
  }

  function activate(app) {
    const registry = app.docRegistry;
    if (notebookPage === 'edit') leaveEditor();
    if (!register(registry)) registry.changed.connect(register);
  }

  const plugin = { id: `${name}:plugin`, autoStart: true, activate };
  const library = { __esModule: true, default: plugin };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[name] = {
    init: () => Promise.resolve(),
    get: () => Promise.resolve(() => library)
  };
})();
