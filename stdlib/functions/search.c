/* Search after Knuth, Morris and Pratt, over folded code points. Simple
 * folding maps one code point to one, so a match is as many code points long
 * in the text as in what is looked for, though not as many bytes. */
#include "stdlib/functions/search.h"

#include "engine/text/unicode.h"

bool slu_search_init(struct slu_search *search, struct slu_string text, struct slu_string wanted,
                     struct slu_arena *arena) {
    size_t length = slu_utf8_count(wanted);
    *search = (struct slu_search){.text = text, .length = length};
    search->wanted = SLU_NEW_ARRAY(arena, uint32_t, length);
    search->fallback = SLU_NEW_ARRAY(arena, uint32_t, length);
    if (search->wanted == NULL || search->fallback == NULL)
        return false;

    size_t at = 0;
    for (size_t i = 0; i < length; i++)
        search->wanted[i] = slu_unicode_fold(slu_utf8_decode(wanted, &at));
    uint32_t fits = 0;
    for (size_t i = 1; i < length; i++) {
        while (fits > 0 && search->wanted[i] != search->wanted[fits])
            fits = search->fallback[fits - 1];
        if (search->wanted[i] == search->wanted[fits])
            fits++;
        search->fallback[i] = fits;
    }
    return true;
}

/* The byte at which the last `count` code points before `end` start. */
static size_t back(struct slu_string text, size_t end, size_t count) {
    while (count > 0) {
        end--;
        if (((unsigned char)text.bytes[end] & 0xC0u) != 0x80u)
            count--;
    }
    return end;
}

bool slu_search_next(struct slu_search *search, size_t *start, size_t *end) {
    if (search->length == 0)
        return false;
    uint32_t fits = 0;
    while (search->at < search->text.length) {
        uint32_t code_point = slu_unicode_fold(slu_utf8_decode(search->text, &search->at));
        while (fits > 0 && code_point != search->wanted[fits])
            fits = search->fallback[fits - 1];
        if (code_point == search->wanted[fits])
            fits++;
        if (fits == search->length) {
            *start = back(search->text, search->at, search->length);
            *end = search->at;
            return true;
        }
    }
    return false;
}
