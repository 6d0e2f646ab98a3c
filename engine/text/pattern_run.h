/* What both ways of running an automaton ask of the text and of a class. */
#ifndef SLU_TEXT_PATTERN_RUN_H
#define SLU_TEXT_PATTERN_RUN_H

#include "engine/text/pattern_internal.h"
#include "engine/text/unicode.h"

static inline bool slu_pattern_is_word(struct slu_string subject, size_t at) {
    unsigned char byte = (unsigned char)subject.bytes[at];
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static inline bool slu_pattern_is_word_boundary(struct slu_string subject, size_t at) {
    bool word_before = at > 0 && slu_pattern_is_word(subject, at - 1);
    bool word_after = at < subject.length && slu_pattern_is_word(subject, at);
    return word_before != word_after;
}

static inline bool slu_pattern_assertion_holds(struct slu_string subject, size_t at,
                                               enum slu_pattern_assertion assertion) {
    switch (assertion) {
    case SLU_PATTERN_TEXT_START:
        return at == 0;
    case SLU_PATTERN_TEXT_END:
        return at == subject.length;
    case SLU_PATTERN_WORD_BOUNDARY:
        return slu_pattern_is_word_boundary(subject, at);
    case SLU_PATTERN_NO_WORD_BOUNDARY:
        return !slu_pattern_is_word_boundary(subject, at);
    }
    return false;
}

static inline bool slu_pattern_takes(const struct slu_pattern_class *class, uint32_t code_point) {
    return code_point < 128 ? class->ascii[code_point / 64] >> (code_point % 64) & 1
                            : slu_pattern_class_has(class, code_point);
}

/* The character at `*at`, which is moved past it. */
static inline uint32_t slu_pattern_decode(struct slu_string subject, size_t *at) {
    unsigned char byte = (unsigned char)subject.bytes[*at];
    if (byte >= 128) {
        return slu_utf8_decode(subject, at);
    }
    ++*at;
    return byte;
}

static inline bool slu_pattern_may_start_at(const struct slu_pattern *pattern, struct slu_string subject, size_t at) {
    if (pattern->anchored && at > 0) {
        return false;
    }
    if (pattern->may_take_nothing) {
        return true;
    }
    if (at == subject.length) {
        return false;
    }
    unsigned char byte = (unsigned char)subject.bytes[at];
    return pattern->first_bytes[byte / 64] >> (byte % 64) & 1;
}

/* Of valid UTF-8. */
static inline size_t slu_pattern_character_before(struct slu_string subject, size_t at) {
    do {
        at--;
    } while (((unsigned char)subject.bytes[at] & 0xC0) == 0x80);
    return at;
}

/* pattern_few.c: of a pattern with `reached`. From the byte `at` on, as slu_pattern_found_from does. */
bool slu_pattern_few_search(const struct slu_pattern *pattern, struct slu_string subject, size_t at,
                            uint64_t *visits_left);
/* From the byte `at` and the state on, to where the text ends or, backward, starts. */
bool slu_pattern_few_follow(const struct slu_pattern *pattern, uint32_t state, bool backward, struct slu_string subject,
                            size_t at, uint64_t *visits_left);

#endif
