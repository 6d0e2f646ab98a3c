/* White space. */
#include "stdlib/functions/space.h"

#include "engine/text/unicode.h"

/* All 25 code points of PropList.txt's White_Space. */
bool slu_is_space(uint32_t code_point) {
    if (code_point <= 0x20)
        return code_point == 0x20 || (code_point >= 0x09 && code_point <= 0x0D);
    if (code_point >= 0x2000 && code_point <= 0x200A)
        return true;
    return code_point == 0x85 || code_point == 0xA0 || code_point == 0x1680 || code_point == 0x2028 ||
           code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F || code_point == 0x3000;
}

struct slu_string slu_trimmed(struct slu_string text) {
    size_t start = text.length, end = text.length;
    for (size_t at = 0; at < text.length;) {
        size_t before = at;
        if (slu_is_space(slu_utf8_decode(text, &at)))
            continue;
        if (start == text.length)
            start = before;
        end = at;
    }
    return (struct slu_string){text.bytes + start, end - start};
}
