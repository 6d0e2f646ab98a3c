#include "engine/input/scan.h"

#include "engine/base/word.h"
#include "engine/text/unicode.h"

#include <string.h>

/* Which of eight bytes end a run: quotes, backslashes, control characters, what
 * is outside ASCII. Their top bits are set; bytes after the first such byte in
 * memory may be set as well. */
static uint64_t run_ends(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word); /* borrows run towards later bytes */
#endif
    return slu_word_json_escapes(word) | (word & SLU_WORD_REPEATED(0x80));
}

static bool ends_run(char byte) {
    return (unsigned char)byte < 0x20 || (unsigned char)byte >= 0x80 || byte == '"' || byte == '\\';
}

static const char *skip_plain(const char *at, const char *end) {
    for (; end - at >= 8; at += 8) {
        uint64_t ends = run_ends(at);
        if (ends) {
            return at + __builtin_ctzll(ends) / 8;
        }
    }
    while (at < end && !ends_run(*at)) {
        at++;
    }
    return at;
}

/* Moves past everything that stands for itself, up to a quote or a backslash. */
static enum sluice_status skip_run(struct slu_scan *scan) {
    for (;;) {
        scan->at = skip_plain(scan->at, scan->end);
        if (scan->at == scan->end) {
            return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_JSON, slu_scan_offset(scan, scan->at),
                                    "the body ends inside a string");
        }
        unsigned char byte = (unsigned char)*scan->at;
        if (byte == '"' || byte == '\\') {
            return SLUICE_OK;
        }
        if (byte < 0x20) {
            return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_JSON, slu_scan_offset(scan, scan->at),
                                    "a control character in a string is written \\u%04x", (unsigned)byte);
        }
        size_t length = slu_scan_sequence(scan->at, scan->end);
        if (length == 0) {
            return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_UTF8, slu_scan_offset(scan, scan->at),
                                    "the byte 0x%02X does not belong to valid UTF-8", (unsigned)byte);
        }
        scan->at += length;
    }
}

/* Four hexadecimal digits; false when they are not. */
static bool read_hex(const char *bytes, const char *end, uint32_t *value) {
    if (end - bytes < 4) {
        return false;
    }
    *value = 0;
    for (size_t i = 0; i < 4; i++) {
        char byte = bytes[i];
        uint32_t digit = byte >= '0' && byte <= '9'   ? (uint32_t)(byte - '0')
                         : byte >= 'a' && byte <= 'f' ? (uint32_t)(byte - 'a') + 10
                         : byte >= 'A' && byte <= 'F' ? (uint32_t)(byte - 'A') + 10
                                                      : 16;
        if (digit == 16) {
            return false;
        }
        *value = *value << 4 | digit;
    }
    return true;
}

static enum sluice_status bad_escape(struct slu_scan *scan, const char *message) {
    return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_JSON, slu_scan_offset(scan, scan->at), "%s", message);
}

static enum sluice_status lone_surrogate(struct slu_scan *scan) {
    return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_UTF8, slu_scan_offset(scan, scan->at),
                            "this escape is half of a surrogate pair");
}

/* \uXXXX, or two of them for a character past U+FFFF; `at` is on the backslash. */
static enum sluice_status read_unicode_escape(struct slu_scan *scan, uint32_t *code_point) {
    uint32_t high, low;
    if (!read_hex(scan->at + 2, scan->end, &high)) {
        return bad_escape(scan, "expected four hexadecimal digits after `\\u`");
    }
    if (high >= 0xDC00 && high <= 0xDFFF) {
        return lone_surrogate(scan);
    }
    if (high < 0xD800 || high > 0xDFFF) {
        *code_point = high;
        scan->at += 6;
        return SLUICE_OK;
    }
    if (scan->end - scan->at < 12 || scan->at[6] != '\\' || scan->at[7] != 'u' ||
        !read_hex(scan->at + 8, scan->end, &low) || low < 0xDC00 || low > 0xDFFF) {
        return lone_surrogate(scan);
    }
    *code_point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    scan->at += 12;
    return SLUICE_OK;
}

enum sluice_status slu_scan_escape(struct slu_scan *scan, uint32_t *code_point) {
    static const char written[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found;
    if (scan->end - scan->at < 2) {
        scan->at = scan->end;
        return bad_escape(scan, "the body ends inside a string");
    }
    if (scan->at[1] == 'u') {
        return read_unicode_escape(scan, code_point);
    }
    found = memchr(written, scan->at[1], sizeof written - 1);
    if (!found) {
        return bad_escape(scan, "a backslash is followed by one of \" \\ / b f n r t u");
    }
    *code_point = (unsigned char)meant[found - written];
    scan->at += 2;
    return SLUICE_OK;
}

/* How many bytes are left up to the closing quote, or to the end without one. */
static size_t remaining_length(const struct slu_scan *scan) {
    const char *at = scan->at;
    while (at < scan->end && *at != '"') {
        at += *at == '\\' && scan->end - at > 1 ? 2 : 1;
    }
    return (size_t)(at - scan->at);
}

/* The rest of a string that has escapes, from the first of them on: an escape
 * is never shorter than what it stands for. */
static enum sluice_status read_escaped(struct slu_scan *scan, const char *begin, struct slu_string *text) {
    size_t length = (size_t)(scan->at - begin);
    char *bytes = slu_arena_alloc_bytes(scan->arena, length + remaining_length(scan));
    if (!bytes) {
        return SLUICE_NO_MEMORY;
    }
    memcpy(bytes, begin, length);
    while (*scan->at == '\\') {
        uint32_t code_point = 0;
        enum sluice_status status = slu_scan_escape(scan, &code_point);
        if (status != SLUICE_OK) {
            return status;
        }
        length += slu_utf8_encode(code_point, bytes + length);
        const char *run = scan->at;
        status = skip_run(scan);
        if (status != SLUICE_OK) {
            return status;
        }
        memcpy(bytes + length, run, (size_t)(scan->at - run));
        length += (size_t)(scan->at - run);
    }
    scan->at++;
    *text = (struct slu_string){bytes, length};
    return SLUICE_OK;
}

enum sluice_status slu_scan_text(struct slu_scan *scan, struct slu_string *text) {
    const char *begin = ++scan->at;
    enum sluice_status status = skip_run(scan);
    if (status != SLUICE_OK) {
        return status;
    }
    if (*scan->at == '\\') {
        return read_escaped(scan, begin, text);
    }
    *text = (struct slu_string){begin, (size_t)(scan->at - begin)};
    scan->at++;
    return SLUICE_OK;
}
