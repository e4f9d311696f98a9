"""Words by category, the best examples first.

The first eight follow the ratings of Rosch 1975, "Cognitive representations of semantic
categories", J. Exp. Psychol. Gen. 104, the last two the order in which people name them (Battig,
Montague 1969). Both were written down from memory: the order is right in the large and not place by
place.
"""

from __future__ import annotations

from typing import Final

CATEGORIES: Final[dict[str, str]] = {
    "fruit": "orange apple banana peach pear apricot plum grape strawberry cherry pineapple "
    "raspberry lemon melon lime mango coconut fig date olive",
    "vehicle": "car truck bus taxi jeep ambulance motorcycle tram van train bicycle airplane boat "
    "ship scooter tractor wagon sled raft elevator",
    "weapon": "gun pistol rifle knife dagger sword bomb grenade spear cannon bow arrow club tank "
    "axe whip rocket stick brick rope",
    "vegetable": "pea carrot bean spinach broccoli asparagus corn lettuce beet tomato celery "
    "cabbage cucumber onion potato turnip pumpkin mushroom garlic rice",
    "furniture": "chair sofa couch table dresser desk bed bookcase bench lamp stool cabinet "
    "cushion shelf rug pillow mirror closet clock stove",
    "bird": "robin sparrow jay canary dove lark swallow finch eagle hawk pigeon crow parrot owl "
    "duck goose turkey chicken ostrich penguin",
    "sport": "football baseball basketball tennis softball gymnastics hockey soccer volleyball "
    "swimming boxing golf skiing archery fencing running fishing bowling chess cards",
    "clothing": "pants shirt dress skirt blouse suit jacket sweater coat pajamas socks underwear "
    "sandals boots shoes hat tie belt gloves purse",
    "insect": "fly ant bee mosquito spider wasp beetle moth butterfly cricket grasshopper flea "
    "cockroach termite worm ladybug",
    "metal": "iron copper steel gold aluminum silver tin zinc brass lead platinum bronze nickel "
    "titanium mercury uranium",
}  # fmt: skip
