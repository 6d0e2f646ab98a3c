/* The first pass over a JSON text, for one set of instructions: the file that
 * includes this defines TARGET (an attribute), SCAN (the function's name), and
 *
 * struct constants, make_constants()
 *   What stays in registers from block to block.
 * struct bytes, load_bytes(const char *)
 *   A block in registers.
 * bool is_usual(struct bytes, const struct constants *)
 *   Whether it has no backslash, no control character, and nothing outside of ASCII.
 * struct slu_scan_usual find_usual(struct bytes, const struct constants *)
 *   The masks of such a block.
 * uint64_t find_tokens(struct slu_block_scan *, struct bytes, const struct constants *, uint32_t at)
 *   Which bytes of any block begin a token.
 * uint64_t odd(uint64_t)
 *   slu_block_odd.
 * uint32_t *write(uint32_t *out, uint64_t tokens, uint32_t at, const struct constants *)
 *   slu_block_write; returns where the next token goes. */

enum { PREFETCH_BYTES = 512 /* asked for ahead: an event that was just received is not near yet */ };

/* Takes whole blocks from `at` on, up to one that is not usual: as find_tokens, without what only that
 * one needs. Returns where it begins. */
TARGET static inline size_t scan_usual(struct slu_block_scan *scan, size_t at, const struct constants *constants) {
    const char *text = scan->json.bytes;
    size_t length = scan->json.length;
    uint64_t inside = scan->inside, other = scan->other;
    uint32_t *token = scan->token;
    for (; length - at >= SLU_BLOCK_BYTES; at += SLU_BLOCK_BYTES) {
        __builtin_prefetch((const char *)((uintptr_t)text + at + PREFETCH_BYTES)); /* no access: may be past the end */
        struct bytes bytes = load_bytes(text + at);
        if (!is_usual(bytes, constants)) {
            break;
        }
        struct slu_scan_usual usual = find_usual(bytes, constants);
        uint64_t in_string = odd(usual.quote) ^ inside;
        uint64_t out = ~(usual.punctuation | usual.blank | usual.quote | in_string);
        uint64_t begins = out & ~(out << 1 | other);
        token = write(token, begins | (usual.punctuation & ~in_string) | (usual.quote & in_string), (uint32_t)at,
                      constants);
        inside = 0 - (in_string >> 63);
        other = out >> 63;
    }
    scan->inside = inside;
    scan->other = other;
    scan->token = token;
    return at;
}

TARGET static void SCAN(struct slu_block_scan *scan) {
    const struct constants constants = make_constants();
    char last[SLU_BLOCK_BYTES];
    for (size_t at = 0; at < scan->json.length && !scan->bad; at += SLU_BLOCK_BYTES) {
        at = scan->escaped ? at : scan_usual(scan, at, &constants);
        if (at == scan->json.length) {
            return;
        }
        uint64_t tokens = find_tokens(scan, load_bytes(slu_block_bytes(scan, at, last)), &constants, (uint32_t)at);
        scan->token = write(scan->token, tokens, (uint32_t)at, &constants);
    }
}
