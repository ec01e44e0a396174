// Nothing slides or fades, so that a test measures where things are, not
// how far they have come.
{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*, ::before, ::after, ::backdrop {
    animation: none !important;
    transition: none !important;
  }`);
  document.adoptedStyleSheets = [sheet];
}
