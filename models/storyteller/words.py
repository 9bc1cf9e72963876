"""The words of the stories: who they are about, where they happen, and what is in them.

A word in `TOPICS` can be asked for: training puts some of them before the story that they are in.
"""

ANIMALS = """fox bear rabbit owl mouse hedgehog badger squirrel duck frog cat dog pony goat lamb turtle otter beaver
robin crow penguin seal elephant lion tiger monkey giraffe dragon deer wolf hen goose donkey snail mole bat swan
sparrow""".split()

PEOPLE = [("girl", "she"), ("boy", "he")]

NAMES_HE = """Tom Finn Oscar Bruno Max Leo Otto Hugo Milo Felix Jasper Rufus Emil Gus Henry Jonah
Oliver Pip Ravi Sam Theo Victor Yuri Amir""".split()

NAMES_SHE = """Lily Mia Rosa Clara Nora Ella Hazel Ivy Kira Luna Mabel Olive Poppy Ruby Stella Tilda Vera
Zoe Anna Cora Daisy Flora Ida Noor""".split()

# What can be carried, lost and given.
THINGS = """lantern kite drum map key ball bell book boat hat scarf flute basket blanket button clock compass crown
feather letter lamp mirror paintbrush ring shell spoon star stone teapot trumpet umbrella violin wagon whistle
marble ribbon puppet""".split()

# What can be made with patience, and what it does when it works.
MADE = [
    ("kite", "danced high above the trees"), ("raft", "floated like a leaf"), ("boat", "sailed across the pond"),
    ("swing", "flew back and forth under the old oak"), ("tower", "stood taller than the hedge"),
    ("windmill", "turned in the gentle wind"), ("wagon", "rolled merrily down the lane"),
    ("bridge", "carried everybody across the stream"), ("flute", "sang a clear and silver note"),
    ("treehouse", "sat snugly between two branches"), ("clock", "ticked and chimed at noon"),
    ("sled", "slid down the hill without a bump"),
]

FOODS = """bread honey cake soup berries apples pie cheese pancakes porridge carrots nuts plums pears cookies jam
strawberries pumpkin""".split()

PLACES = """forest meadow river lake mountain village garden beach island valley hill pond castle cave orchard harbour
market mill lighthouse desert snow""".split()

AT = {
    "forest": "in the forest", "meadow": "in the meadow", "river": "by the river", "lake": "by the lake",
    "mountain": "on the mountain", "village": "in the village", "garden": "in the garden", "beach": "on the beach",
    "island": "on the island", "valley": "in the valley", "hill": "on the hill", "pond": "by the pond",
    "castle": "near the castle", "cave": "near the cave", "orchard": "in the orchard", "harbour": "at the harbour",
    "market": "at the market", "mill": "behind the mill", "lighthouse": "below the lighthouse",
    "desert": "in the desert", "snow": "in the snow",
}

GROWN = [("pumpkin", "pumpkins"), ("sunflower", "sunflowers"), ("carrot", "carrots"), ("bean", "beans"),
         ("apple tree", "apples"), ("rose", "roses"), ("strawberry plant", "strawberries"), ("pear tree", "pears")]

FEARS = [
    ("the dark", "the night was only the day with its eyes closed"),
    ("thunder", "thunder was only the clouds clapping their hands"),
    ("deep water", "the water carried everyone who trusted it"),
    ("high places", "the world looked friendly from above"),
    ("strangers", "a stranger was only a friend without a name"),
    ("the wind", "the wind only wanted somebody to play with"),
    ("loud noises", "every noise had a small and simple reason"),
]

MOODS = "brave gentle curious shy clever cheerful quiet kind patient merry dreamy careful".split()
SIZES = "little small young tiny".split()
COLOURS = "red blue green golden silver yellow white purple".split()
WEATHER = ["The sun was shining", "A soft rain was falling", "The wind was singing in the trees",
           "Snow was falling softly", "The sky was clear and blue", "Fog lay over the fields",
           "The first stars were shining", "Big white clouds sailed by"]
TIMES = ["One morning", "One evening", "One sunny day", "One cold winter day", "One spring morning",
         "One autumn afternoon", "One summer evening", "One rainy day", "Early one morning", "Late one night"]

TOPICS = sorted(set(ANIMALS + THINGS + FOODS + PLACES + [it for it, _ in MADE] + [it for it, _ in PEOPLE]))
