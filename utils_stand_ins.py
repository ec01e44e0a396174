"""Stand-ins for the data sets, drawn where the real ones cannot be had.

They have the files, shapes, columns and characters of the real sets; every
chapter runs on them and learns something, but reaches other numbers. A change
of a drawing needs another STAND_IN_VERSION in `utils_data.py`, which loads
this file only when it has to draw.
"""

import functools
import re
import textwrap

import numpy as np

from utils_data import encode_idx


def draw(name, seed):
    """Return the content of each file of a data set: a list of bytes."""
    return MAKERS[name](np.random.default_rng(seed))


# Pictures of thick strokes

def make_images(classes, rng):
    """Draw a set like MNIST: 60,000 and 10,000 pictures with their labels.

    classes: the strokes of each of ten classes, see `draw_strokes`.
    """
    sets = draw_examples(classes, 60000, rng), draw_examples(
        classes, 10000, rng)
    return [encode_idx(array) for arrays in sets for array in arrays]


def draw_examples(classes, count, rng):
    """Draw as many pictures of each class, in random order.

    Returns uint8 arrays: images (count, 28, 28) and labels (count,).
    """
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    images = np.empty((count, 28, 28), np.uint8)
    for label, strokes in enumerate(classes):
        rows = np.flatnonzero(labels == label)
        for some in np.array_split(rows, 1 + len(rows) // 500):
            images[some] = draw_strokes(strokes, len(some), rng)
    return images, labels


def draw_strokes(strokes, count, rng):
    """Draw `count` pictures, each a little different: (count, 28, 28).

    strokes: '5 43 46, -2 41 43' is a stroke of half width 5 from column 4,
    row 3 to column 4, row 6, and on it a dark one of half width 2, which not
    every picture shows. The grid has columns and rows 0 to 8; the unit of
    widths is a tenth of its step.
    """
    def pick(low, high):  # a number for each picture
        return rng.uniform(low, high, (count, 1, 1)).astype(np.float32)

    line = np.linspace(-4.6, 4.6, 28, dtype=np.float32)
    x, y = (axis * pick(0.85, 1.15) + pick(-0.8, 0.8)
            for axis in (line, line[:, None]))
    x, y = x + pick(-0.2, 0.2) * y, y + pick(-0.12, 0.12) * x  # leaning
    brightness = np.zeros((count, 28, 28), np.float32)
    for stroke in strokes.split(', '):
        width, *corners = stroke.split()
        points = [(int(column) - 4 + pick(-0.7, 0.7),
                   int(row) - 4 + pick(-0.7, 0.7)) for column, row in corners]
        depth = abs(int(width)) / 10 * pick(0.8, 1.3) - distance(x, y, points)
        ink = np.clip(depth * 3 + 0.5, 0, 1)  # edges are a pixel wide
        brightness = np.maximum(brightness, ink) if int(width) > 0 else (
            brightness * (1 - np.maximum(0, pick(-0.6, 0.9)) * ink))
    brightness *= pick(0.4, 1.1)
    return (np.clip(brightness, 0, 1) * 255).astype(np.uint8)


def distance(x, y, points):
    """Return how far each place is from a line through points."""
    nearest = np.inf
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        dx, dy = x1 - x0, y1 - y0
        along = (x - x0) * dx + (y - y0) * dy
        along = np.clip(along / (dx * dx + dy * dy), 0, 1)
        apart = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
        nearest = np.minimum(nearest, apart)
    return nearest


GARMENTS = (
    '16 43 46, 7 42 22 13, 7 42 62 73',  # t-shirt
    '7 41 37, 7 41 57, 7 31 51',  # trouser
    '16 43 46, 7 42 22 07, 7 42 62 87, -2 36 56',  # pullover
    '9 42 45, 7 43 27, 7 43 67, 7 37 57',  # dress
    '16 43 47, 7 42 22 07, 7 42 62 87, -2 42 48',  # coat
    '2 17 77, 2 27 54, 2 46 74, 2 74 77',  # sandal
    '16 43 46, 7 42 22 06, 7 42 62 86, -1 31 43 51',  # shirt
    '7 16 76, 7 55 75, -2 07 87',  # sneaker
    '13 35 55, 13 36 56, 2 34 32 52 54',  # bag
    '9 62 66, 8 66 16, -2 08 88')  # ankle boot

DIGITS = (
    '4 40 61 63 66 47 26 23 21 40', '4 31 40 47', '4 21 30 51 52 27 67',
    '4 20 50 62 43 65 56 27', '4 57 50 25 65', '4 60 20 23 53 65 56 27',
    '4 50 32 25 37 57 65 54 34', '4 20 60 37',
    '4 43 22 30 50 62 43 25 37 57 65 43', '4 62 33 22 30 50 62 47')


# Houses, from a list of columns

def make_houses(rng):
    """Draw a set like the house prices: two tables, as CSV files.

    Each house has a worth; all columns, and the price, go up with it.
    """
    worth = rng.standard_normal(2919)
    houses = {'Id': np.arange(1, 2920)}
    words = HOUSE_COLUMNS.split()
    for name, values in zip(words[::2], words[1::2]):
        ranks = np.argsort(np.argsort(worth + rng.standard_normal(2919)))
        houses[name] = draw_column(values, ranks / 2919, rng)
    noise = rng.standard_normal(2919)
    prices = np.exp(12 + 0.35 * worth + 0.1 * noise).round(-2).astype(int)
    train = [*houses, 'SalePrice'], *zip(*houses.values(), prices)
    test = [*houses], *zip(*houses.values())
    rows = train[:1461], test[:1] + test[1461:]
    return ['\n'.join(','.join(map(str, row)) for row in table).encode()
            for table in rows]


def draw_column(values, ranks, rng):
    """Draw a value for each house: whole numbers or words, or 'NA'.

    values: '1-10' or 'low,high', and the share of NA in per cent: '1-10?5';
    ranks: from 0, for the lowest value, to 1.
    """
    values, _, missing = values.partition('?')
    if '-' in values:
        low, high = map(int, values.split('-'))
        column = (low + (high + 1 - low) * ranks ** 2).astype(int)
    else:
        words = values.split(',')
        column = np.array(words)[(len(words) * ranks).astype(int)]
    gaps = rng.uniform(0, 100, len(ranks)) < float(missing or 0)
    return np.where(gaps, 'NA', column.astype(object))


HOUSE_COLUMNS = """
MSSubClass 30,20,60 MSZoning RM,RL,FV?1 LotFrontage 21-313?17
LotArea 1300-39000 Street Grvl,Pave Alley Grvl,Pave?93 LotShape IR2,IR1,Reg
LandContour Low,Bnk,Lvl Utilities AllPub?1 LotConfig Corner,Inside
LandSlope Mod,Gtl Neighborhood OldTown,NAmes,CollgCr,NridgHt
Condition1 Feedr,Norm Condition2 Feedr,Norm BldgType Duplex,TwnhsE,1Fam
HouseStyle SLvl,1Story,2Story OverallQual 1-10 OverallCond 1-9
YearBuilt 1872-2010 YearRemodAdd 1950-2010 RoofStyle Flat,Gable,Hip
RoofMatl CompShg,WdShngl Exterior1st HdBoard,MetalSd,VinylSd?1
Exterior2nd HdBoard,MetalSd,VinylSd?1 MasVnrType BrkFace,Stone?60
MasVnrArea 0-1600?1 ExterQual Fa,TA,Gd,Ex ExterCond Fa,TA,Gd
Foundation BrkTil,CBlock,PConc BsmtQual Fa,TA,Gd,Ex?3 BsmtCond Fa,TA,Gd?3
BsmtExposure No,Mn,Av,Gd?3 BsmtFinType1 Unf,Rec,GLQ?3 BsmtFinSF1 0-5644?1
BsmtFinType2 Unf,Rec,GLQ?3 BsmtFinSF2 0-1526?1 BsmtUnfSF 0-2336?1
TotalBsmtSF 0-6110?1 Heating Grav,GasA HeatingQC Fa,TA,Gd,Ex CentralAir N,Y
Electrical FuseA,SBrkr?1 1stFlrSF 334-5095 2ndFlrSF 0-2065
LowQualFinSF 0-1064 GrLivArea 334-5642 BsmtFullBath 0-3?1
BsmtHalfBath 0-2?1 FullBath 0-4 HalfBath 0-2 BedroomAbvGr 0-8
KitchenAbvGr 0-3 KitchenQual Fa,TA,Gd,Ex?1 TotRmsAbvGrd 2-15
Functional Maj1,Min2,Typ?1 Fireplaces 0-4 FireplaceQu Fa,TA,Gd?49
GarageType Detchd,Attchd,BuiltIn?5 GarageYrBlt 1895-2010?5
GarageFinish Unf,RFn,Fin?5 GarageCars 0-5?1 GarageArea 0-1488?1
GarageQual Fa,TA,Gd?5 GarageCond Fa,TA,Gd?5 PavedDrive N,P,Y
WoodDeckSF 0-1424 OpenPorchSF 0-742 EnclosedPorch 0-1012 3SsnPorch 0-508
ScreenPorch 0-576 PoolArea 0-800 PoolQC Gd,Ex?99 Fence MnPrv,GdPrv?80
MiscFeature Shed?96 MiscVal 0-17000 MoSold 1-12 YrSold 2006-2010
SaleType COD,WD,New?1 SaleCondition Abnorml,Normal,Partial"""


# A tale told by chance

def make_tale(rng):
    """Draw a text as long as The Time Machine, with its characters."""
    paragraphs = [TALE_BEGINS]
    while sum(map(len, paragraphs)) < 178000:
        sentences = ' '.join(draw_sentence(rng) for _ in range(5))
        paragraphs.append(textwrap.fill(sentences, 68))
    return ['\n\n'.join([*paragraphs, TALE_ENDS]).encode('ascii')]


def draw_sentence(rng):
    """Draw a sentence and a word for each of its blanks."""
    return re.sub('[A-Z]{3,}', lambda blank: rng.choice(
        TALE_WORDS[blank[0]].split()), rng.choice(TALE_SENTENCES))


TALE_BEGINS = """The Harbour Clock, a tale told by a machine [1989]

Nobody wrote what follows: words were drawn by lot and put into their
places (so that this book can be read, and run, without the novel)."""

TALE_ENDS = 'And that, said the captain, was the last of "the harbour clock".'

TALE_SENTENCES = (
    'The PERSON came to the PLACE, and DID the THING.',
    'I DID the THING; it was QUALITY, and quite QUALITY.',
    "'Have you seen the THING?' said the PERSON.",
    "'Time!' cried the PERSON, and DID the THING--the _QUALITY_ one.",
    'At last the PERSON (who was QUALITY) came to the PLACE: I DID it.',
    'The more the PERSON looked, the more QUALITY the PLACE became.')

TALE_WORDS = {
    'PERSON': 'captain baker traveller doctor painter queen fisherman judge',
    'PLACE': 'harbour garden tower kitchen market cellar station square',
    'THING': 'lamp clock machine letter boat window ladder mirror key box',
    'DID': 'watched touched followed mended carried found opened moved',
    'QUALITY': 'dark strange little golden broken quiet heavy hazy vast'}

MAKERS = {'fashion-mnist': functools.partial(make_images, GARMENTS),
          'mnist': functools.partial(make_images, DIGITS),
          'house-prices': make_houses, 'time-machine': make_tale}
