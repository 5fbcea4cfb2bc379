//! Which fields of a message stand in which repeating group, by the rules of purefix_core/dictionary/decode.py.
#![forbid(unsafe_code)]

use crate::shape::{Shape, Table};
use crate::tokens::{number, Token};

/// A level and those around it.
struct Levels<'a> {
    shape: &'a Shape,
    outer: Option<&'a Levels<'a>>,
}

impl Levels<'_> {
    fn have(&self, tag: u32) -> bool {
        self.shape.has(tag) || self.outer.is_some_and(|outer| outer.have(tag))
    }
}

/// Tells each token how deep it stands and whether it begins an entry. The work is linear in their number, times the
/// depth of the groups.
pub fn find_groups(raw: &[u8], tokens: &mut [Token], shape: &Shape) {
    let levels = Levels { shape, outer: None };
    let mut search = Search { raw, tokens, seen: Vec::new(), foreign: (0, 0) };
    let mut index = 0;
    while let Some(token) = search.tokens.get(index) {
        index = search.add(shape.slot(token.tag), &levels, index, 0);
    }
}

struct Search<'a> {
    raw: &'a [u8],
    tokens: &'a mut [Token],
    /// A bit for each slot of the entries that are open, the innermost last: whether the entry has that tag.
    seen: Vec<u64>,
    /// The last run of fields that had no place: its first one and the one behind it. The level around asks again.
    foreign: (usize, usize),
}

impl Search<'_> {
    /// Put the token at `index`, and the group that it may open, into the innermost of `levels`; the index behind.
    #[inline(always)]
    fn add(&mut self, slot: u32, levels: &Levels<'_>, index: usize, depth: u8) -> usize {
        self.tokens[index].depth = depth;
        match levels.shape.group(slot) {
            None => index + 1,
            Some(entry) => self.group(&Levels { shape: entry.get(), outer: Some(levels) }, levels, index, depth + 1),
        }
    }

    fn group(&mut self, levels: &Levels<'_>, outer: &Levels<'_>, counter: usize, depth: u8) -> usize {
        let shape = levels.shape;
        let Token { start, end, .. } = self.tokens[counter];
        let expected = number(&self.raw[start as usize..end as usize]);
        let first_word = self.seen.len();
        self.seen.resize(first_word + shape.slot_count().div_ceil(64), 0);
        let (mut entries, mut delimiter, mut previous) = (0, 0, 0);
        let mut index = counter + 1;
        while let Some(&Token { tag, .. }) = self.tokens.get(index) {
            let slot = shape.slot(tag);
            if slot == Table::NONE {
                let behind = if entries == 0 { index } else { self.behind_foreign(index, levels) };
                if behind == index || !self.tokens.get(behind).is_some_and(|token| shape.has(token.tag)) {
                    break;
                }
                for token in &mut self.tokens[index..behind] {
                    token.depth = depth;
                }
                index = behind;
                continue;
            }
            let (word, bit) = (first_word + slot as usize / 64, 1 << (slot % 64));
            let again = entries == 0 || tag == delimiter || self.seen[word] & bit != 0;
            if again && expected == Some(entries) && outer.have(tag) {
                break; // all entries are there, and the tag has a place outside as well
            }
            if entries == 0 || tag == delimiter || (again && tag != previous) {
                if entries == 0 {
                    delimiter = tag;
                }
                entries += 1;
                self.seen[first_word..].fill(0);
                self.tokens[index].begins = true;
            }
            self.seen[word] |= bit;
            index = self.add(slot, levels, index, depth);
            previous = tag;
        }
        self.seen.truncate(first_word);
        index
    }

    /// The index of the first token from `index` on that has a place in one of the levels, or behind the last one.
    fn behind_foreign(&mut self, index: usize, levels: &Levels<'_>) -> usize {
        // The level inside has looked; what it had no place for, those around it have not.
        let from = if self.foreign.0 == index { self.foreign.1.max(index) } else { index };
        let found = self.tokens[from..].iter().position(|token| levels.have(token.tag));
        let behind = found.map_or(self.tokens.len(), |found| from + found);
        self.foreign = (index, behind);
        behind
    }
}
