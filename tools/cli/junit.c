#include "tools/cli/junit.h"

#include "engine/text/unicode.h"
#include "tools/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Stands for what XML 1.0 cannot hold, even escaped (section 2.2, Char). */
#define REPLACEMENT "\xEF\xBF\xBD"

static bool is_xml_character(uint32_t code_point) {
    if (code_point < 0x20) {
        return code_point == '\t' || code_point == '\n' || code_point == '\r';
    }
    return code_point != 0xFFFE && code_point != 0xFFFF;
}

/* The entity for a character that means something to XML, or NULL. */
static const char *entity_of(uint32_t code_point, bool in_attribute) {
    switch (code_point) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\n': /* attributes would turn white space into blanks */
        return in_attribute ? "&#10;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* `text` is valid UTF-8. */
static void add_escaped(struct slu_buffer *out, struct slu_string text, bool in_attribute) {
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        uint32_t code_point = slu_utf8_decode(text, &at);
        const char *entity = entity_of(code_point, in_attribute);
        if (!is_xml_character(code_point)) {
            slu_buffer_add_text(out, REPLACEMENT);
        } else if (entity != NULL) {
            slu_buffer_add_text(out, entity);
        } else {
            slu_buffer_add(out, (struct slu_string){text.bytes + start, at - start});
        }
    }
}

static void add_attribute(struct slu_buffer *out, const char *name, struct slu_string value) {
    slu_buffer_add_format(out, " %s=\"", name);
    add_escaped(out, value, true);
    slu_buffer_add_byte(out, '"');
}

static size_t count_failures(const struct cli_junit_case *cases, size_t count) {
    size_t failures = 0;
    for (size_t i = 0; i < count; i++) {
        failures += cases[i].failure.length > 0;
    }
    return failures;
}

static void add_case(struct slu_buffer *out, const struct cli_junit_case *one) {
    slu_buffer_add_text(out, "    <testcase");
    add_attribute(out, "name", one->title);
    add_attribute(out, "classname", one->file);
    add_attribute(out, "file", one->file);
    slu_buffer_add_format(out, " line=\"%u\"", (unsigned)one->line);
    if (one->failure.length == 0) {
        slu_buffer_add_text(out, "/>\n");
        return;
    }
    slu_buffer_add_text(out, ">\n      <failure message=\"not as expected\">");
    add_escaped(out, one->failure, false);
    slu_buffer_add_text(out, "</failure>\n    </testcase>\n");
}

static void add_counts(struct slu_buffer *out, const struct cli_junit_case *cases, size_t count) {
    slu_buffer_add_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n", count,
                          count_failures(cases, count));
}

void cli_junit_add(struct slu_buffer *out, const struct cli_junit_case *cases, size_t count) {
    slu_buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sluice\"");
    add_counts(out, cases, count);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && slu_string_equal(cases[end].file, cases[start].file);) {
            end++;
        }
        slu_buffer_add_text(out, "  <testsuite");
        add_attribute(out, "name", cases[start].file);
        add_counts(out, cases + start, end - start);
        for (size_t i = start; i < end; i++) {
            add_case(out, &cases[i]);
        }
        slu_buffer_add_text(out, "  </testsuite>\n");
    }
    slu_buffer_add_text(out, "</testsuites>\n");
}

bool cli_junit_write(const char *path, const struct cli_junit_case *cases, size_t count) {
    struct cli_output file;
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        cli_complain("cannot write %s: %s", path, strerror(errno));
        return false;
    }
    cli_output_init(&file, descriptor);
    cli_junit_add(&file.buffer, cases, count);
    bool good = cli_output_finish(&file, path);
    if (close(descriptor) != 0 && good) {
        cli_complain("cannot write %s: %s", path, strerror(errno));
        return false;
    }
    return good;
}
