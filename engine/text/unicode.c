#include "engine/text/unicode.h"

#include "engine/text/case_folding.h"
#include "engine/text/unicode_ascii.h"

#include <string.h>

static const uint64_t high_bits = SLU_UNICODE_HIGH_BITS;

static uint64_t load_word(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* From `at` to the first byte that is not ASCII. */
static size_t skip_ascii(struct slu_string string, size_t at) {
    while (string.length - at >= sizeof(uint64_t) && (load_word(string.bytes + at) & high_bits) == 0) {
        at += sizeof(uint64_t);
    }
    while (at < string.length && (unsigned char)string.bytes[at] < 0x80) {
        at++;
    }
    return at;
}

/* Bytes of the sequence that starts with this byte, which is not ASCII; 0
 * when none does. */
static size_t sequence_length(unsigned char first) {
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* RFC 3629's table: only the second byte's range depends on the first. */
static bool second_fits(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xE0: /* overlong below */
        return second >= 0xA0 && second <= 0xBF;
    case 0xED: /* surrogates above */
        return second >= 0x80 && second <= 0x9F;
    case 0xF0: /* overlong below */
        return second >= 0x90 && second <= 0xBF;
    case 0xF4: /* past U+10FFFF above */
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

size_t slu_utf8_valid_prefix(struct slu_string string) {
    size_t at = skip_ascii(string, 0);
    while (at < string.length) {
        const unsigned char *bytes = (const unsigned char *)string.bytes + at;
        size_t length = sequence_length(bytes[0]);
        if (length == 0 || length > string.length - at || !second_fits(bytes[0], bytes[1])) {
            return at;
        }
        for (size_t index = 2; index < length; index++) {
            if ((bytes[index] & 0xC0) != 0x80) {
                return at;
            }
        }
        at = skip_ascii(string, at + length);
    }
    return at;
}

uint32_t slu_utf8_decode(struct slu_string string, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)string.bytes + *at;
    if (bytes[0] < 0x80) {
        *at += 1;
        return bytes[0];
    }
    if (bytes[0] < 0xE0) {
        *at += 2;
        return (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
    }
    if (bytes[0] < 0xF0) {
        *at += 3;
        return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    }
    *at += 4;
    return (bytes[0] & 0x07u) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6 | (bytes[3] & 0x3Fu);
}

size_t slu_utf8_encode(uint32_t code_point, char out[4]) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

size_t slu_utf8_count(struct slu_string string) {
    size_t count = 0;
    for (size_t at = 0; at < string.length; at++) {
        count += ((unsigned char)string.bytes[at] & 0xC0) != 0x80;
    }
    return count;
}

bool slu_unicode_steers(uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x061C ||
           code_point == 0x200E || code_point == 0x200F || (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

uint32_t slu_unicode_fold(uint32_t code_point) {
    uint32_t block = code_point >> FOLD_BLOCK_BITS;
    if (block >= FOLD_BLOCKS) {
        return code_point;
    }
    uint32_t in_block = code_point & ((1u << FOLD_BLOCK_BITS) - 1);
    return (uint32_t)((int32_t)code_point + fold_distances[fold_blocks[block]][in_block]);
}

size_t slu_unicode_fold_class(uint32_t code_point, uint32_t out[4]) {
    uint32_t folded = slu_unicode_fold(code_point);
    size_t count = 0;
    out[count++] = folded;
    size_t low = 0;
    size_t high = FOLD_SOURCES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fold_sources[middle].folded < folded) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < FOLD_SOURCES && fold_sources[low].folded == folded; low++) {
        out[count++] = fold_sources[low].source;
    }
    return count;
}

size_t slu_unicode_next_fold_class(size_t *cursor, uint32_t out[4]) {
    if (*cursor == FOLD_SOURCES) {
        return 0;
    }
    uint32_t folded = fold_sources[*cursor].folded;
    size_t count = 0;
    out[count++] = folded;
    for (; *cursor < FOLD_SOURCES && fold_sources[*cursor].folded == folded; ++*cursor) {
        out[count++] = fold_sources[*cursor].source;
    }
    return count;
}

/* The byte where folding changes something first, or the length. */
static size_t first_change(struct slu_string string) {
    size_t at = 0;
    while (at < string.length) {
        while (string.length - at >= sizeof(uint64_t)) {
            uint64_t word = load_word(string.bytes + at);
            if ((word & high_bits) != 0 || slu_unicode_fold_word(word) != word) {
                break;
            }
            at += sizeof(uint64_t);
        }
        if (at == string.length) {
            break;
        }
        size_t after = at;
        uint32_t code_point = slu_utf8_decode(string, &after);
        if (slu_unicode_fold(code_point) != code_point) {
            break;
        }
        at = after;
    }
    return at;
}

/* Folds everything from `at`; without `out`, only counts. Returns the bytes. */
static size_t fold_from(struct slu_string string, size_t at, char *out) {
    size_t length = 0;
    while (at < string.length) {
        while (string.length - at >= sizeof(uint64_t)) {
            uint64_t word = load_word(string.bytes + at);
            if ((word & high_bits) != 0) {
                break;
            }
            if (out != NULL) {
                word = slu_unicode_fold_word(word);
                memcpy(out + length, &word, sizeof(word));
            }
            at += sizeof(word);
            length += sizeof(word);
        }
        if (at == string.length) {
            break;
        }
        char encoded[4];
        size_t bytes = slu_utf8_encode(slu_unicode_fold(slu_utf8_decode(string, &at)), encoded);
        if (out != NULL) {
            memcpy(out + length, encoded, bytes);
        }
        length += bytes;
    }
    return length;
}

/* Fewer than eight bytes with zeros behind them. */
static uint64_t load_few(struct slu_string string) {
    uint64_t word = 0;
    for (size_t i = string.length; i > 0; i--) {
        word = word << 8 | (unsigned char)string.bytes[i - 1];
    }
    return word;
}

/* Most texts are ASCII. *changes: some byte is folded. False: some byte is not
 * ASCII. The last eight bytes may overlap those before them. */
static bool is_ascii(struct slu_string string, bool *changes) {
    const size_t step = sizeof(uint64_t);
    bool answer;
    if (slu_unicode_avx2_is_ascii(string, &answer, changes)) {
        return answer;
    }
    bool few = string.length < step;
    uint64_t last = few ? load_few(string) : load_word(string.bytes + string.length - step);
    uint64_t all = last, changed = last ^ slu_unicode_fold_word(last);
    for (size_t at = 0; at + step < string.length; at += step) {
        uint64_t word = load_word(string.bytes + at);
        all |= word;
        changed |= word ^ slu_unicode_fold_word(word);
    }
    *changes = changed != 0;
    return (all & high_bits) == 0;
}

static void fold_ascii(struct slu_string string, char *out) {
    const size_t step = sizeof(uint64_t);
    if (slu_unicode_avx2_fold(string, out)) {
        return;
    }
    if (string.length < step) {
        uint64_t word = slu_unicode_fold_word(load_few(string));
        for (size_t i = 0; i < string.length; i++, word >>= 8) {
            out[i] = (char)(word & 0xFF);
        }
        return;
    }
    for (size_t at = 0; at + step < string.length; at += step) {
        uint64_t word = slu_unicode_fold_word(load_word(string.bytes + at));
        memcpy(out + at, &word, step);
    }
    uint64_t last = slu_unicode_fold_word(load_word(string.bytes + string.length - step));
    memcpy(out + string.length - step, &last, step);
}

bool slu_unicode_is_ascii(struct slu_string string) {
    bool changes;
    return is_ascii(string, &changes);
}

bool slu_unicode_fold_string(struct slu_arena *arena, struct slu_string string, struct slu_string *folded) {
    bool changes;
    if (is_ascii(string, &changes)) {
        *folded = string;
        char *bytes = changes ? slu_arena_alloc_bytes(arena, string.length) : NULL;
        if (bytes != NULL) {
            fold_ascii(string, bytes);
            folded->bytes = bytes;
        }
        return !changes || bytes != NULL;
    }
    size_t same = first_change(string);
    if (same == string.length) {
        *folded = string;
        return true;
    }
    size_t length = same + fold_from(string, same, NULL);
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, string.bytes, same);
    fold_from(string, same, bytes + same);
    *folded = (struct slu_string){bytes, length};
    return true;
}

bool slu_text_folded(struct slu_arena *arena, struct slu_text *text, struct slu_string *folded) {
    if (text->folded.bytes == NULL) {
        struct slu_string made;
        if (!slu_unicode_fold_string(arena, text->raw, &made)) {
            return false;
        }
        /* Not NULL, so that an empty text counts as folded too. */
        text->folded = made.bytes == NULL ? SLU_STRING("") : made;
    }
    *folded = text->folded;
    return true;
}
