"""What can be wrong with a computer, in the words of both languages.

`python -m book doctor` prints the English words. The page preface/install
has those of its language, in the same order; a test compares them.
"""

from collections import namedtuple

# needed: whether the book cannot be run until this is mended
Problem = namedtuple('Problem', 'needed en zh')
Words = namedtuple('Words', 'symptom cause cure')

PROBLEMS = {
    'python': Problem(
        True,
        Words(
            '`make` refuses, or pip finds no `mxnet==1.9.1`.',
            'This is not Python 3.11, the last version on which MXNet 1.9.1 '
            'and its NumPy run.',
            'Get it with `uv python install 3.11`, with conda or from your '
            'system, and make the environment anew with it.',
        ),
        Words(
            '`make`拒绝执行，或者pip找不到`mxnet==1.9.1`。',
            '用的不是Python 3.11，'
            '而MXNet 1.9.1和它所需的NumPy最高只支持到这个版本。',
            '用`uv python install 3.11`、conda或系统的软件包安装Python 3.11，'
            '再用它重新建立环境。',
        ),
    ),
    'missing': Problem(
        True,
        Words(
            'An import ends with `ModuleNotFoundError`.',
            'The Python that runs lacks packages of the book; often they are '
            'in another environment, which is not active.',
            'Activate the environment and run '
            '`python -m pip install -r requirements.txt`.',
        ),
        Words(
            '导入时出现`ModuleNotFoundError`。',
            '正在运行的Python缺少本书的软件包；多半是装到了另一个环境里，'
            '而那个环境没有激活。',
            '激活环境，再运行`python -m pip install -r requirements.txt`。',
        ),
    ),
    'versions': Problem(
        False,
        Words(
            'Numbers differ from those in the book, or a build fails.',
            'Packages have other versions than those that the book was '
            'tested with.',
            '`python -m pip install -r requirements.txt` brings the tested '
            'versions back.',
        ),
        Words(
            '数值与书中不同，或者制作网页时出错。',
            '有些软件包的版本与本书测试时用的不同。',
            '运行`python -m pip install -r requirements.txt`，'
            '换回测试过的版本。',
        ),
    ),
    'numpy': Problem(
        True,
        Words(
            "`import mxnet` ends with `module 'numpy' has no attribute "
            "'bool'`.",
            'NumPy 1.24 removed a name that MXNet 1.9.1 uses; as a rule '
            'another package has brought the newer NumPy.',
            'Run `python -m pip install numpy==1.23.5`, and give other '
            'projects environments of their own.',
        ),
        Words(
            "`import mxnet`报错`module 'numpy' has no attribute 'bool'`。",
            'MXNet 1.9.1用到的一个名字，NumPy从1.24起删掉了；'
            '较新的NumPy多半是别的软件包带来的。',
            '运行`python -m pip install numpy==1.23.5`，'
            '别的项目请另建环境。',
        ),
    ),
    'library': Problem(
        True,
        Words(
            '`import mxnet` ends with `cannot open shared object file`.',
            'A library of the system is missing; slim containers lack two.',
            'On Debian and Ubuntu run '
            '`apt-get install libgomp1 libquadmath0`; for names with `cu` or '
            '`nccl` in them see the section on GPUs, for `libarmpl` the one '
            'on Apple silicon.',
        ),
        Words(
            '`import mxnet`报错`cannot open shared object file`。',
            '系统缺少某个库；精简的容器里就少两个。',
            '在Debian和Ubuntu上运行`apt-get install libgomp1 libquadmath0`；'
            '库名里有`cu`或`nccl`的，见GPU一节，'
            '库名是`libarmpl`的，见苹果芯片一节。',
        ),
    ),
    'mxnet': Problem(
        True,
        Words(
            '`import mxnet` fails in another way, or Python dies.',
            'The installed files are damaged, or they are made for another '
            'processor or system.',
            'Run `python -m pip uninstall mxnet` and install again; on '
            'Windows and Apple silicon follow the sections about them.',
        ),
        Words(
            '`import mxnet`以别的方式失败，或者Python直接退出。',
            '安装的文件损坏了，或者不是给这种处理器或系统用的。',
            '运行`python -m pip uninstall mxnet`，然后重新安装；'
            'Windows和苹果芯片请按各自的小节操作。',
        ),
    ),
    'threads': Problem(
        False,
        Words(
            'Training takes several times as long as the page says.',
            'The variable `OMP_NUM_THREADS` does not agree with the number '
            'of processor cores.',
            'Run `unset OMP_NUM_THREADS` before you start Jupyter; the book '
            'then counts the cores by itself.',
        ),
        Words(
            '训练用的时间是书中所说的好几倍。',
            '环境变量`OMP_NUM_THREADS`与处理器的核数不符。',
            '启动Jupyter之前运行`unset OMP_NUM_THREADS`，本书会自己数核数。',
        ),
    ),
    'gpu': Problem(
        False,
        Words(
            'There is an NVIDIA card, and chapters print `cpu(0)`.',
            'The installed build of MXNet does not know GPUs, or it does '
            'and cannot use this card.',
            'Nothing is broken, only slower; see the section on GPUs.',
        ),
        Words(
            '有NVIDIA显卡，各章却打印`cpu(0)`。',
            '安装的MXNet不带GPU支持；或者带了，却用不了这块显卡。',
            '什么也没有坏，只是慢一些；见GPU一节。',
        ),
    ),
    'no-data': Problem(
        False,
        Words(
            'A chapter downloads files, or says `STAND-IN DATA`.',
            'A data set is not yet on this computer.',
            'Run `make data`; without a network, set `BOOK_DATA` to a folder '
            'that has the files.',
        ),
        Words(
            '某一章开始下载文件，或者打印`STAND-IN DATA`。',
            '这台电脑上还没有某个数据集。',
            '运行`make data`；没有网络时，'
            '把`BOOK_DATA`设为存有这些文件的文件夹。',
        ),
    ),
    'damaged': Problem(
        True,
        Words(
            'A chapter stops with `DataError` and the name of a file.',
            'The file is truncated, damaged or not the original.',
            'Move the file away and run `make data`, which fetches it anew '
            'and checks it.',
        ),
        Words(
            '某一章停下来，报`DataError`和一个文件名。',
            '这个文件不完整、已损坏，或者不是原来的文件。',
            '把它移走，运行`make data`重新下载并校验。',
        ),
    ),
    'browser': Problem(
        False,
        Words(
            '`make test` skips the tests of the site.',
            'They drive `chromium`, which is not on the `PATH`; readers do '
            'without it.',
            'On Debian run `apt-get install chromium`.',
        ),
        Words(
            '`make test`跳过网站的测试。',
            '这些测试要用`chromium`，而`PATH`里没有；只读书的话用不着它。',
            '在Debian上运行`apt-get install chromium`。',
        ),
    ),
    'latex': Problem(
        False,
        Words(
            '`make pdf` stops and names programs, files or fonts.',
            'LaTeX is not complete; only the printed book needs it.',
            'Install what `make pdf` names.',
        ),
        Words(
            '`make pdf`停下来，列出一些程序、文件或字体。',
            'LaTeX不完整；只有制作印刷版才需要它。',
            '按`make pdf`列出的名字安装。',
        ),
    ),
    'space': Problem(
        True,
        Words(
            'Something ends with `No space left on device`.',
            'The disk is nearly full; environment, data and built pages '
            'want about two gigabytes.',
            'Make room, for example with `python -m pip cache purge`, or '
            'move the book to another disk.',
        ),
        Words(
            '某个操作报错`No space left on device`。',
            '磁盘快满了；环境、数据和生成的网页一共需要大约2 GB。',
            '腾出空间，例如运行`python -m pip cache purge`，'
            '或者把本书移到别的磁盘。',
        ),
    ),
    'write': Problem(
        True,
        Words(
            'Something ends with `Permission denied`.',
            'The folder of the book belongs to somebody else, or its disk '
            'can only be read.',
            'Copy the folder to a place of your own and work there; do not '
            'run Jupyter with `sudo`.',
        ),
        Words(
            '某个操作报错`Permission denied`。',
            '本书的文件夹属于别的用户，或者所在的磁盘只能读。',
            '把文件夹复制到自己名下再用；不要用`sudo`启动Jupyter。',
        ),
    ),
    'network': Problem(
        False,
        Words(
            'pip waits for a long time and ends with `timed out`.',
            'The package registry does not answer: there is no network, a '
            'proxy is in between, or the way is long.',
            'Choose a mirror, or set `HTTPS_PROXY` to the address of your '
            'proxy; an installed book needs no network.',
        ),
        Words(
            'pip等了很久，最后报错`timed out`。',
            '连不上软件包仓库：没有网络，需要代理，或者线路太远。',
            '换一个镜像，或者把`HTTPS_PROXY`设为代理的地址；'
            '装好以后，本书不需要网络。',
        ),
    ),
}
