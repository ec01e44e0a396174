"""What readers are told, in both languages; English unless one is chosen."""

import locale
import os
import sys

LANGUAGES = 'en', 'zh'
VARIABLES = 'LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'LANG'

EN = {
    # The command line
    'description': 'From Scratch to Gluon: a book of notebooks that run.',
    'start': 'make or renew your notebooks and open them in JupyterLab',
    'here': 'write into this folder what the notebooks import: utils.py',
    'doctor': 'check this computer: what is wrong, why, and what to do',
    'data': 'fetch and verify every data set',
    'folder': 'where the notebooks are; {default} if you do not say',
    'language': 'of the notebooks; if you do not say, that of those which '
                'are there, or of the system',
    'no browser': 'only print the address',
    'options': 'further options of JupyterLab, after --',
    'usage': '{problem}; `gluon-book --help` shows what there is',
    # What is done
    'notebooks': 'Notebooks: {folder}, new files: {count}',
    'engine mxnet': 'Engine: MXNet {version}',
    'engine torch': "Engine: the book's own, {version} on PyTorch {torch}",
    'opening': 'JupyterLab opens with {first}; Ctrl-C twice ends it.',
    'restart': 'No engine in here: starting again with MXNet, through uv.',
    'written': 'written: {path}',
    'beside': '{name} is yours and stays; the book has another: {path}',
    'nothing new': 'nothing new',
    'obstacle': 'not renewed: {path}: {problem}',
    # The page that tells what an update has done
    'news page': 'WHAT-IS-NEW.md',
    'news title': 'What is new in your notebooks',
    'news what': 'The last update of the book wrote this page, and the next '
                 'one writes it anew; you may delete it.',
    'news count': 'New files, and files that you had not changed and that '
                  'were replaced: {count}.',
    'news folders': 'Folders that stayed as they were',
    'news folder': '`{0}`: you have worked in it, and the book brings other '
                   'modules for its notebooks. Yours go on with those that '
                   'they had; the new edition of the folder is `{1}`.',
    'news stayed': 'Files of yours that stayed as they were',
    'news file': '`{0}`: the new version is [{1}]({1}).',
    'news failed': 'What could not be renewed',
    'news problem': '`{0}`: {1}.',
    'stopped': 'stopped',
    # What can go wrong
    'foreign folder': '{folder}: holds files that are not of this book; '
                      'choose a new or an empty folder',
    'not a folder': '{folder}: not a folder; choose another name',
    'gone': 'the current folder is gone; change into another',
    'no home': '{folder}: leads to no folder; name another with --folder',
    'other language': '{folder}: holds the notebooks in the language '
                      '{known!r}; choose another folder for {language!r}',
    'not written': '{path}: {problem}; mend this and try again',
    'no notebooks': '{folder}: not here; this is no package for readers: '
                    'in a clone of the book use `make workspace`',
    'not whole': 'the package is not whole ({problem}): `python -m pip '
                 'install from-scratch-to-gluon` adds what is missing',
    'two engines': '{names} are both installed, and both are called mxnet; '
                   'take one away: `python -m pip uninstall {first}`, or '
                   '{second}',
    'missing': 'not installed: {names}; run `python -m pip install {names}`',
    'no engine': 'no engine is installed; choose one: {choice}',
    'choose mxnet': '`python -m pip install "from-scratch-to-gluon[mxnet]"`, '
                    'MXNet 1.9.1 itself, which the book teaches with',
    'choose torch': '`python -m pip install "from-scratch-to-gluon[torch]"`, '
                    "the book's own engine on PyTorch: a larger download, "
                    'and it uses graphics cards of today',
    'or': '; or {}',
    'no engine runs': 'no engine runs with Python {version} on this '
                      'computer; one does with Python 3.11, for example '
                      '`uvx --python 3.11 from-scratch-to-gluon start`',
}

ZH = {
    'description': '《从零到Gluon》：每一章都是可以运行的笔记本。',
    'start': '生成或更新你的笔记本，并在JupyterLab中打开',
    'here': '把笔记本要导入的utils.py等文件写到当前文件夹',
    'doctor': '检查这台电脑：哪里有问题，为什么，怎么办',
    'data': '下载并核对全部数据集',
    'folder': '笔记本放在哪里；不写则放在{default}',
    'language': '笔记本的语言；不写则用已有的那一种，没有就跟随系统',
    'no browser': '不打开浏览器，只显示网址',
    'options': 'JupyterLab的其他选项，写在--之后',
    'usage': '{problem}；用法见`gluon-book --help`',
    'notebooks': '笔记本：{folder}，新文件{count}个',
    'engine mxnet': '引擎：MXNet {version}',
    'engine torch': '引擎：本书自己的引擎{version}，基于PyTorch {torch}',
    'opening': 'JupyterLab将打开{first}；按两次Ctrl-C结束。',
    'restart': '这里没有引擎：通过uv带上MXNet重新启动。',
    'written': '已写入：{path}',
    'beside': '{name}是你自己的，原样保留；书中的版本在{path}',
    'nothing new': '没有需要更新的内容',
    'obstacle': '没有更新：{path}：{problem}',
    'news page': '更新情况.md',
    'news title': '你的笔记本有哪些更新',
    'news what': '这一页由本书上次更新时写下，下次会重写；看完可以删掉。',
    'news count': '新增的和你没有动过、已换成新版本的文件：{count}个。',
    'news folders': '保持原样的文件夹',
    'news folder': '`{0}`：你在里面做过东西，而笔记本要导入的模块在书中变了。'
                   '你的笔记本继续用原来的模块；这个文件夹的新版本是`{1}`。',
    'news stayed': '保持原样的文件',
    'news file': '`{0}`：新版本是[{1}]({1})。',
    'news failed': '没能更新的内容',
    'news problem': '`{0}`：{1}。',
    'stopped': '已停止',
    'foreign folder': '{folder}：里面有不属于本书的文件；'
                      '请换一个新的或空的文件夹',
    'not a folder': '{folder}：不是文件夹；请换一个名字',
    'gone': '当前文件夹已经不在了；请换一个文件夹',
    'no home': '{folder}：找不到这个文件夹；请用--folder另选一个',
    'other language': '{folder}：里面是语言为{known!r}的笔记本；'
                      '要用{language!r}，请另选文件夹',
    'not written': '{path}：{problem}；请解决后再试',
    'no notebooks': '{folder}：不存在；这不是给读者的软件包：'
                    '在本书的仓库里请用`make workspace`',
    'not whole': '软件包不完整（{problem}）：运行`python -m pip install '
                 'from-scratch-to-gluon`补全',
    'two engines': '同时安装了{names}，而它们都叫mxnet；请卸载其中一个：'
                   '`python -m pip uninstall {first}`，或者{second}',
    'missing': '没有安装{names}；请运行`python -m pip install {names}`',
    'no engine': '没有安装引擎；请选一个：{choice}',
    'choose mxnet': '`python -m pip install "from-scratch-to-gluon[mxnet]"`，'
                    '即本书所用的MXNet 1.9.1',
    'choose torch': '`python -m pip install "from-scratch-to-gluon[torch]"`，'
                    '即本书自己的、基于PyTorch的引擎：下载量更大，'
                    '可以使用当今的显卡',
    'or': '；或者{}',
    'no engine runs': 'Python {version}在这台电脑上没有可用的引擎；'
                      '换用Python 3.11就有，例如运行'
                      '`uvx --python 3.11 from-scratch-to-gluon start`',
}

WORDS = {'en': EN, 'zh': ZH}
chosen = 'en'


def use(language):
    """Speak a language from now on, or English where it cannot be shown."""
    global chosen
    encoding = getattr(sys.stdout, 'encoding', None) or 'utf-8'
    try:
        WORDS[language]['description'].encode(encoding)
        chosen = language
    except UnicodeEncodeError:
        chosen = 'en'


def say(message, /, *places, **values):
    """Return a message in the language that is spoken."""
    return WORDS[chosen][message].format(*places, **values)


def of_system():
    """Return the language of the book that suits the system's."""
    named = filter(None, map(os.environ.get, VARIABLES))
    name = next(named, None) or locale.getlocale()[0] or ''
    return 'zh' if name.lower().startswith(('zh', 'chinese')) else 'en'
