"""Small models to put tokenizers under: language models, classifiers, models that answer.

Nothing here is new: what differs between models that are compared is the tokenizer, and all else is
held equal, the bytes of text that are read above all. They train on two cores in minutes.
"""
