"""The pages of both editions -> one site."""

import pathlib
import shutil

from book import files

HERE = pathlib.Path(__file__).parent


def publish(root, folders):
    """Put the editions and the choice of language into the site.

    folders: language -> the folder with its pages.
    The new site replaces the old one as a whole.
    """
    site = root / files.SITE
    new, old = (site.with_name(f'html.{x}') for x in ('new', 'old'))
    shutil.rmtree(new, ignore_errors=True)
    for language, folder in folders.items():
        shutil.copytree(folder, new / language)
    shutil.copy(HERE / 'site' / 'index.html', new / 'index.html')
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    new.rename(site)
    shutil.rmtree(old, ignore_errors=True)
