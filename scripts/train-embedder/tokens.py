"""Token ids of many texts in flat arrays: texts of 12 million words fit in 100 MB."""

import numpy as np


class Bags:
    """Texts as token ids: `ids[offsets[i]:offsets[i + 1]]` is text i."""

    def __init__(self, ids, offsets):
        self.ids = ids
        self.offsets = offsets

    @classmethod
    def of(cls, lists):
        lengths = np.fromiter((len(tokens) for tokens in lists), np.int64, len(lists))
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        ids = np.fromiter((i for tokens in lists for i in tokens), np.int32, offsets[-1])
        return cls(ids, offsets)

    def __len__(self):
        return len(self.offsets) - 1

    def __getitem__(self, index):
        return self.ids[self.offsets[index] : self.offsets[index + 1]]

    def span(self, first, last):
        """Tokens of texts first..last - 1 in one piece."""
        return self.ids[self.offsets[first] : self.offsets[last]]

    def take(self, rows):
        """The texts of `rows` as new bags."""
        return Bags.join([self[row] for row in rows])

    @classmethod
    def join(cls, arrays):
        lengths = np.fromiter((len(a) for a in arrays), np.int64, len(arrays))
        ids = np.concatenate(arrays) if len(arrays) else np.zeros(0, np.int32)
        return cls(ids, np.concatenate([[0], np.cumsum(lengths)]))

    def keep(self, mask):
        """The same texts without the tokens whose mask is false."""
        kept = np.concatenate([[0], np.cumsum(mask)])
        return Bags(self.ids[mask], kept[self.offsets])

    def text_of_token(self):
        """Which text each token belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))
