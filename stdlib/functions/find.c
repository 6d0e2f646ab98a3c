/* Functions that find addresses and identifiers in text. */
#include "engine/base/limits.h"
#include "stdlib/functions/gather.h"
#include "stdlib/functions/implementations.h"
#include "stdlib/functions/search.h"

#include <string.h>

static bool is_one_of(char byte, const char *set) {
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* Can this byte be inside an address? Addresses are ASCII (RFC 3986); other
 * characters and those that quote or bracket addresses in text end them. */
static bool ends_address(char byte) {
    unsigned char code = (unsigned char)byte;
    return code <= 0x20 || code >= 0x7F || is_one_of(byte, "\"<>\\^`{|}[]");
}

/* Where the address that starts before `at` ends; *kept: the end of its part
 * before ? and #. A closing parenthesis belongs to it only when it was opened
 * inside: "(see https://example.com/a_(b))". */
static size_t address_end(struct slu_string text, size_t at, size_t *kept) {
    size_t open = 0;
    *kept = SIZE_MAX;
    for (; at < text.length && !ends_address(text.bytes[at]); at++) {
        char byte = text.bytes[at];
        if (byte == '(')
            open++;
        if (byte == ')' && open-- == 0)
            break;
        if (*kept == SIZE_MAX && (byte == '?' || byte == '#'))
            *kept = at;
    }
    if (*kept == SIZE_MAX)
        *kept = at;
    return at;
}

struct slu_value slu_function_links(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock;
    struct slu_string text = arguments[0].as.text->raw;
    struct slu_search search;
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE_EXACTLY);
    bool whole = slu_search_init(&search, text, arguments[1].as.text->raw, arena);
    size_t start, prefix_end;
    while (whole && slu_search_next(&search, &start, &prefix_end)) {
        size_t end;
        search.at = address_end(text, prefix_end, &end);
        while (end > prefix_end && is_one_of(text.bytes[end - 1], ".,;:!'*~/"))
            end--;
        if (end > prefix_end) /* the prefix alone is no link to anything */
            whole = slu_gather_add_string(&gather, (struct slu_string){text.bytes + start, end - start});
    }
    return slu_gather_finish(&gather, whole, failed);
}

static bool is_id_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '-';
}

/* The identifiers that follow one prefix; false as slu_gather_add. */
static bool gather_ids(struct slu_gather *gather, struct slu_string text, struct slu_string prefix) {
    struct slu_search search;
    if (!slu_search_init(&search, text, prefix, gather->arena))
        return false;
    size_t start, end;
    while (slu_search_next(&search, &start, &end)) {
        size_t id_end = end;
        while (id_end < text.length && is_id_byte(text.bytes[id_end]))
            id_end++;
        if (id_end > end && !slu_gather_add_string(gather, (struct slu_string){text.bytes + end, id_end - end}))
            return false;
        search.at = id_end;
    }
    return true;
}

struct slu_value slu_function_ids_after(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                        bool *failed) {
    (void)clock;
    const struct slu_list *prefixes = arguments[1].as.list;
    if (prefixes->count > SLU_LIMIT_PREFIXES)
        return slu_value_missing();
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE_EXACTLY);
    bool whole = true;
    for (size_t i = 0; whole && i < prefixes->count; i++)
        whole = gather_ids(&gather, arguments[0].as.text->raw, prefixes->items[i].as.text->raw);
    return slu_gather_finish(&gather, whole, failed);
}
