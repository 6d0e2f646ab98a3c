/* Functions of text that give a text or a count. */
#include "engine/base/limits.h"
#include "engine/text/unicode.h"
#include "stdlib/functions/implementations.h"
#include "stdlib/functions/search.h"
#include "stdlib/functions/space.h"

#include <string.h>

static struct slu_string part(struct slu_string string, size_t start, size_t end) {
    return (struct slu_string){string.bytes + start, end - start};
}

/* The next word at or after byte *at: moves *at behind it. */
static bool next_word(struct slu_string text, size_t *at, struct slu_string *word) {
    size_t start = text.length;
    while (*at < text.length) {
        size_t before = *at;
        bool space = slu_is_space(slu_utf8_decode(text, at));
        if (start == text.length && !space)
            start = before;
        if (start != text.length && space) {
            *word = part(text, start, before);
            return true;
        }
    }
    *word = part(text, start, text.length);
    return start != text.length;
}

struct slu_value slu_function_length(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number((double)slu_utf8_count(arguments[0].as.text->raw));
}

struct slu_value slu_function_words(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock, (void)arena, (void)failed;
    size_t at = 0;
    double count = 0;
    struct slu_string word;
    while (next_word(arguments[0].as.text->raw, &at, &word))
        count++;
    return slu_value_number(count);
}

struct slu_value slu_function_first_word(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                         bool *failed) {
    (void)clock;
    size_t at = 0;
    struct slu_string word;
    if (!next_word(arguments[0].as.text->raw, &at, &word))
        return slu_value_missing();
    return slu_value_text(arena, word, failed);
}

struct slu_value slu_function_lower(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock;
    struct slu_string folded;
    if (!slu_text_folded(arena, arguments[0].as.text, &folded)) {
        *failed = true;
        return slu_value_missing();
    }
    return slu_value_text(arena, folded, failed);
}

struct slu_value slu_function_trim(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                   bool *failed) {
    (void)clock;
    return slu_value_text(arena, slu_trimmed(arguments[0].as.text->raw), failed);
}

/* Three bytes of UTF-8, one character. */
static const char ellipsis[] = "\xE2\x80\xA6";

struct slu_value slu_function_cut(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                  bool *failed) {
    (void)clock;
    struct slu_string text = arguments[0].as.text->raw;
    double most = arguments[1].as.number;
    if (most < 1)
        return slu_value_text(arena, (struct slu_string){NULL, 0}, failed);

    size_t at = 0, kept = 0; /* kept: where the last character that fits starts */
    for (double count = 1; at < text.length && count <= most; count++) {
        kept = at;
        slu_utf8_decode(text, &at);
    }
    if (at == text.length)
        return arguments[0];
    size_t length = kept + sizeof ellipsis - 1;
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    memcpy(bytes, text.bytes, kept);
    memcpy(bytes + kept, ellipsis, sizeof ellipsis - 1);
    return slu_value_text(arena, (struct slu_string){bytes, length}, failed);
}

/* What `replace` makes: to `bytes`, or only counted where that is NULL. */
static size_t replace_into(struct slu_search search, struct slu_string by, char *bytes) {
    size_t length = 0, done = 0, start, end;
    while (slu_search_next(&search, &start, &end)) {
        if (bytes != NULL) {
            memcpy(bytes + length, search.text.bytes + done, start - done);
            if (by.length > 0)
                memcpy(bytes + length + start - done, by.bytes, by.length);
        }
        length += start - done + by.length;
        done = end;
    }
    if (bytes != NULL && search.text.length > done)
        memcpy(bytes + length, search.text.bytes + done, search.text.length - done);
    return length + search.text.length - done;
}

struct slu_value slu_function_replace(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock;
    struct slu_string by = arguments[2].as.text->raw;
    struct slu_search search;
    if (!slu_search_init(&search, arguments[0].as.text->raw, arguments[1].as.text->raw, arena)) {
        *failed = true;
        return slu_value_missing();
    }
    size_t length = replace_into(search, by, NULL);
    if (length > SLU_LIMIT_EVENT_BYTES)
        return slu_value_missing();
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    replace_into(search, by, bytes);
    return slu_value_text(arena, (struct slu_string){bytes, length}, failed);
}

/* The place of the last @, or the text's length. */
static size_t at_sign(struct slu_string text) {
    for (size_t i = text.length; i > 0; i--) {
        if (text.bytes[i - 1] == '@')
            return i - 1;
    }
    return text.length;
}

struct slu_value slu_function_domain(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock;
    struct slu_string address = slu_trimmed(arguments[0].as.text->raw);
    size_t at = at_sign(address);
    if (at + 1 >= address.length)
        return slu_value_missing();
    return slu_value_text(arena, part(address, at + 1, address.length), failed);
}

struct slu_value slu_function_local_part(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                         bool *failed) {
    (void)clock;
    struct slu_string address = slu_trimmed(arguments[0].as.text->raw);
    size_t at = at_sign(address);
    if (at == 0 || at == address.length)
        return slu_value_missing();
    return slu_value_text(arena, part(address, 0, at), failed);
}
