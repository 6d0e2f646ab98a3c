/* Every instruction on every type of operand, the missing ones above all. */
#include "tests/unit/check.h"

#include "engine/base/limits.h"
#include "engine/text/pattern.h"
#include "engine/vm/machine.h"
#include "engine/vm/tests.h"
#include "stdlib/functions/functions.h"

#include <math.h>
#include <string.h>

enum { CODE_MAX = 64, CONSTANTS_MAX = 32, SLOTS = 2 };

static const double NOON = 1763719200000.0; /* 2025-11-21T10:00:00Z, a Friday */
static const double DAY = 86400000.0, HOUR = 3600000.0;

/* A program of one piece that is written instruction by instruction. */
struct bench {
    struct slu_arena arena;
    struct sluice_program program;
    slu_instruction code[CODE_MAX];
    struct slu_value constants[CONSTANTS_MAX];
    const struct slu_pattern *pattern;
    struct slu_calendar calendar;
    struct slu_hours hours;
    struct slu_program_event event;
    struct slu_debug debug;
    struct slu_slot slot_list[SLOTS];
    struct slu_value slots[SLOTS];
    uint8_t filled[SLOTS];
    struct slu_machine machine;
    enum slu_machine_status status;
};

static void begin(struct bench *bench) {
    *bench = (struct bench){0};
    slu_arena_init(&bench->arena, 0);
    bench->program = (struct sluice_program){.code = bench->code,
                                             .constants = bench->constants,
                                             .patterns = &bench->pattern,
                                             .calendars = &bench->calendar,
                                             .slots = bench->slot_list,
                                             .slot_count = SLOTS,
                                             .events = &bench->event};
    bench->event.name = SLU_STRING("spam.flagged");
    bench->machine = (struct slu_machine){.program = &bench->program,
                                          .arena = &bench->arena,
                                          .slots = bench->slots,
                                          .filled = bench->filled,
                                          .clock = NOON,
                                          .steps_left = 1000,
                                          .link_base = SLU_STRING("https://rules.example.com"),
                                          .event_id = SLU_STRING("a/1 ü")};
}

static void finish(struct bench *bench) {
    slu_arena_free(&bench->arena);
}

static void put(struct bench *bench, enum slu_opcode opcode, uint32_t operand) {
    bench->code[bench->program.code_count++] = slu_instruction_make(opcode, operand);
}

static void push(struct bench *bench, struct slu_value value) {
    bench->constants[bench->program.constant_count] = value;
    put(bench, SLU_OP_CONSTANT, bench->program.constant_count++);
}

/* Ends the piece, runs it, and empties it. */
static struct slu_value run(struct bench *bench) {
    struct slu_value answer = slu_value_missing();
    put(bench, SLU_OP_RETURN, 0);
    bench->status = slu_machine_run(&bench->machine, (struct slu_code){0, bench->program.code_count}, &answer);
    bench->program.code_count = 0;
    bench->program.constant_count = 0;
    return answer;
}

static struct slu_value text(struct bench *bench, const char *terminated) {
    bool failed = false;
    return slu_value_text(&bench->arena, slu_string_from(terminated), &failed);
}

static struct slu_value list(struct bench *bench, const char *const *words, size_t count) {
    struct slu_list *made = SLU_NEW(&bench->arena, struct slu_list);
    made->items = SLU_NEW_ARRAY(&bench->arena, struct slu_value, count);
    for (size_t i = 0; i < count; i++) {
        made->items[made->count++] = text(bench, words[i]);
    }
    return slu_value_list(made);
}

static struct slu_value number(double value) {
    return slu_value_number(value);
}

static struct slu_value binary(struct bench *bench, enum slu_opcode opcode, struct slu_value left,
                               struct slu_value right) {
    push(bench, left);
    push(bench, right);
    put(bench, opcode, 0);
    return run(bench);
}

static bool holds(struct bench *bench, enum slu_opcode opcode, struct slu_value left, struct slu_value right) {
    struct slu_value answer = binary(bench, opcode, left, right);
    return bench->status == SLU_MACHINE_OK && answer.type == SLU_TYPE_FLAG && answer.as.flag;
}

static struct slu_value unary(struct bench *bench, enum slu_opcode opcode, uint32_t operand, struct slu_value value) {
    push(bench, value);
    put(bench, opcode, operand);
    return run(bench);
}

static bool is_number(struct slu_value value, double expected) {
    return value.type == SLU_TYPE_NUMBER && value.as.number == expected;
}

static bool is_flag(struct slu_value value, bool expected) {
    return value.type == SLU_TYPE_FLAG && value.as.flag == expected;
}

static bool is_missing(struct slu_value value) {
    return value.type == SLU_TYPE_MISSING;
}

static bool is_text(struct slu_value value, const char *expected) {
    return value.type == SLU_TYPE_TEXT && slu_string_is(value.as.text->raw, expected);
}

/* ---- arithmetic ---- */

static void test_arithmetic(struct check *check, struct bench *bench) {
    CHECK(check, is_number(binary(bench, SLU_OP_ADD, number(2), number(3)), 5));
    CHECK(check, is_number(binary(bench, SLU_OP_SUBTRACT, number(2), number(3)), -1));
    CHECK(check, is_number(binary(bench, SLU_OP_MULTIPLY, number(2), number(3)), 6));
    CHECK(check, is_number(binary(bench, SLU_OP_DIVIDE, number(3), number(2)), 1.5));
    CHECK(check, is_missing(binary(bench, SLU_OP_DIVIDE, number(3), number(0))));
    CHECK(check, is_missing(binary(bench, SLU_OP_MULTIPLY, number(1e308), number(1e308))));
    CHECK(check, is_number(unary(bench, SLU_OP_NEGATE, 0, number(4)), -4));
    CHECK(check, is_missing(unary(bench, SLU_OP_NEGATE, 0, slu_value_missing())));
    static const enum slu_opcode opcodes[] = {SLU_OP_ADD, SLU_OP_SUBTRACT, SLU_OP_MULTIPLY, SLU_OP_DIVIDE};
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
        CHECK(check, is_missing(binary(bench, opcodes[i], slu_value_missing(), number(1))));
        CHECK(check, is_missing(binary(bench, opcodes[i], number(1), slu_value_missing())));
        CHECK(check, is_missing(binary(bench, opcodes[i], number(1), text(bench, "1"))));
        CHECK(check, is_missing(binary(bench, opcodes[i], slu_value_flag(true), number(1))));
    }
}

/* ---- comparisons ---- */

static void test_equality(struct check *check, struct bench *bench) {
    const char *const one[] = {"A", "b"}, *const other[] = {"a", "B"}, *const shorter[] = {"a"};
    CHECK(check, holds(bench, SLU_OP_EQUAL, number(5), number(5)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, number(5), number(6)));
    CHECK(check, holds(bench, SLU_OP_EQUAL, slu_value_flag(true), slu_value_flag(true)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, slu_value_flag(true), slu_value_flag(false)));
    CHECK(check, holds(bench, SLU_OP_EQUAL, slu_value_time(1), slu_value_time(1)));
    CHECK(check, holds(bench, SLU_OP_EQUAL, slu_value_duration(1), slu_value_duration(1)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, slu_value_time(1), slu_value_duration(1)));
    CHECK(check, holds(bench, SLU_OP_EQUAL, text(bench, "GRÜN"), text(bench, "grün")));
    CHECK(check, !holds(bench, SLU_OP_EQUAL_EXACTLY, text(bench, "VIP"), text(bench, "vip")));
    CHECK(check, holds(bench, SLU_OP_EQUAL_EXACTLY, text(bench, "VIP"), text(bench, "VIP")));
    CHECK(check, holds(bench, SLU_OP_EQUAL, text(bench, ""), text(bench, "")));
    CHECK(check, holds(bench, SLU_OP_EQUAL, list(bench, one, 2), list(bench, other, 2)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL_EXACTLY, list(bench, one, 2), list(bench, other, 2)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, list(bench, one, 2), list(bench, shorter, 1)));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, slu_value_missing(), slu_value_missing()));
    CHECK(check, !holds(bench, SLU_OP_EQUAL, text(bench, "5"), number(5)));
}

static void test_order(struct check *check, struct bench *bench) {
    static const struct {
        enum slu_opcode opcode;
        bool below, same, above;
    } rows[] = {{SLU_OP_LESS, true, false, false},
                {SLU_OP_AT_MOST, true, true, false},
                {SLU_OP_GREATER, false, false, true},
                {SLU_OP_AT_LEAST, false, true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(check, holds(bench, rows[i].opcode, number(1), number(2)) == rows[i].below);
        CHECK(check, holds(bench, rows[i].opcode, number(2), number(2)) == rows[i].same);
        CHECK(check, holds(bench, rows[i].opcode, slu_value_time(3), slu_value_time(2)) == rows[i].above);
        CHECK(check, holds(bench, rows[i].opcode, slu_value_duration(3), slu_value_duration(2)) == rows[i].above);
        CHECK(check, !holds(bench, rows[i].opcode, slu_value_missing(), number(2)));
        CHECK(check, !holds(bench, rows[i].opcode, number(2), slu_value_missing()));
        CHECK(check, !holds(bench, rows[i].opcode, text(bench, "a"), text(bench, "b")));
        CHECK(check, !holds(bench, rows[i].opcode, slu_value_time(1), number(2)));
    }
}

static bool between(struct bench *bench, struct slu_value value, struct slu_value low, struct slu_value high) {
    push(bench, value);
    push(bench, low);
    push(bench, high);
    put(bench, SLU_OP_BETWEEN, 0);
    return is_flag(run(bench), true);
}

static void test_between(struct check *check, struct bench *bench) {
    CHECK(check, between(bench, number(10), number(10), number(50)));
    CHECK(check, between(bench, number(50), number(10), number(50)));
    CHECK(check, !between(bench, number(51), number(10), number(50)));
    CHECK(check, !between(bench, number(9), number(10), number(50)));
    CHECK(check, !between(bench, slu_value_missing(), number(10), number(50)));
    CHECK(check, !between(bench, number(20), slu_value_missing(), number(50)));
    CHECK(check, !between(bench, number(20), number(10), slu_value_missing()));
}

/* ---- lists and texts ---- */

static void test_lists(struct check *check, struct bench *bench) {
    const char *const words[] = {"VIP", "smb"}, *const same[] = {"Vip", "x"}, *const none[] = {"y"};
    struct slu_value tags = list(bench, words, 2), empty = list(bench, words, 0), missing = slu_value_missing();
    CHECK(check, holds(bench, SLU_OP_ONE_OF, text(bench, "vip"), tags));
    CHECK(check, !holds(bench, SLU_OP_ONE_OF_EXACTLY, text(bench, "vip"), tags));
    CHECK(check, holds(bench, SLU_OP_ONE_OF_EXACTLY, text(bench, "VIP"), tags));
    CHECK(check, !holds(bench, SLU_OP_ONE_OF, missing, tags));
    CHECK(check, !holds(bench, SLU_OP_ONE_OF, number(1), tags));
    CHECK(check, !holds(bench, SLU_OP_ONE_OF, text(bench, "vip"), missing));
    CHECK(check, holds(bench, SLU_OP_HAS, tags, text(bench, "SMB")));
    CHECK(check, !holds(bench, SLU_OP_HAS_EXACTLY, tags, text(bench, "SMB")));
    CHECK(check, !holds(bench, SLU_OP_HAS, tags, missing));
    CHECK(check, !holds(bench, SLU_OP_HAS, missing, text(bench, "SMB")));
    CHECK(check, holds(bench, SLU_OP_HAS_ANY, tags, list(bench, same, 2)));
    CHECK(check, !holds(bench, SLU_OP_HAS_ANY_EXACTLY, tags, list(bench, same, 2)));
    CHECK(check, !holds(bench, SLU_OP_HAS_ANY, tags, list(bench, none, 1)));
    CHECK(check, !holds(bench, SLU_OP_HAS_ANY, empty, tags));
    CHECK(check, !holds(bench, SLU_OP_HAS_ANY, missing, tags));
    CHECK(check, !holds(bench, SLU_OP_HAS_ANY, tags, missing));
    CHECK(check, holds(bench, SLU_OP_HAS_ALL, tags, list(bench, same, 1)));
    CHECK(check, !holds(bench, SLU_OP_HAS_ALL_EXACTLY, tags, list(bench, same, 1)));
    CHECK(check, !holds(bench, SLU_OP_HAS_ALL, tags, list(bench, same, 2)));
    CHECK(check, holds(bench, SLU_OP_HAS_ALL, tags, empty));
    CHECK(check, holds(bench, SLU_OP_HAS_ALL, empty, empty));
    CHECK(check, !holds(bench, SLU_OP_HAS_ALL, missing, empty));
    CHECK(check, !holds(bench, SLU_OP_HAS_ALL, tags, missing));
}

static void test_list_making(struct check *check, struct bench *bench) {
    push(bench, text(bench, "a"));
    push(bench, slu_value_missing());
    push(bench, number(2));
    put(bench, SLU_OP_LIST, 3);
    struct slu_value made = run(bench);
    if (CHECK(check, made.type == SLU_TYPE_LIST && made.as.list->count == 2)) {
        CHECK(check, is_text(made.as.list->items[0], "a"));
        CHECK(check, is_number(made.as.list->items[1], 2));
    }
    put(bench, SLU_OP_LIST, 0);
    made = run(bench);
    CHECK(check, made.type == SLU_TYPE_LIST && made.as.list->count == 0);
}

static void test_texts(struct check *check, struct bench *bench) {
    const char *const words[] = {"zzz", "PAY"}, *const none[] = {"zzz"};
    struct slu_value body = text(bench, "Please Pay Now"), missing = slu_value_missing();
    CHECK(check, holds(bench, SLU_OP_CONTAINS, body, text(bench, "pay")));
    CHECK(check, !holds(bench, SLU_OP_CONTAINS_EXACTLY, body, text(bench, "pay")));
    CHECK(check, holds(bench, SLU_OP_CONTAINS_EXACTLY, body, text(bench, "Pay")));
    CHECK(check, holds(bench, SLU_OP_CONTAINS, body, list(bench, words, 2)));
    CHECK(check, !holds(bench, SLU_OP_CONTAINS, body, list(bench, none, 1)));
    CHECK(check, holds(bench, SLU_OP_CONTAINS, body, text(bench, "")));
    CHECK(check, !holds(bench, SLU_OP_CONTAINS, text(bench, "pa"), text(bench, "pay")));
    CHECK(check, holds(bench, SLU_OP_STARTS_WITH, body, text(bench, "PLEASE")));
    CHECK(check, !holds(bench, SLU_OP_STARTS_WITH_EXACTLY, body, text(bench, "PLEASE")));
    CHECK(check, !holds(bench, SLU_OP_STARTS_WITH, body, text(bench, "pay")));
    CHECK(check, holds(bench, SLU_OP_ENDS_WITH, body, text(bench, "NOW")));
    CHECK(check, !holds(bench, SLU_OP_ENDS_WITH_EXACTLY, body, text(bench, "NOW")));
    CHECK(check, !holds(bench, SLU_OP_ENDS_WITH, body, text(bench, "pay")));
    static const enum slu_opcode opcodes[] = {SLU_OP_CONTAINS, SLU_OP_STARTS_WITH, SLU_OP_ENDS_WITH};
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
        CHECK(check, !holds(bench, opcodes[i], missing, text(bench, "")));
        CHECK(check, !holds(bench, opcodes[i], body, missing));
        CHECK(check, !holds(bench, opcodes[i], body, number(1)));
        CHECK(check, !holds(bench, opcodes[i], number(1), body));
    }
    struct slu_pattern_error error;
    CHECK(check,
          slu_pattern_compile(&bench->arena, SLU_STRING("p[a-z]y"), false, &bench->pattern, &error) == SLU_PATTERN_OK);
    CHECK(check, is_flag(unary(bench, SLU_OP_MATCHES, 0, body), true));
    CHECK(check, is_flag(unary(bench, SLU_OP_MATCHES, 0, text(bench, "p-y")), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_MATCHES, 0, missing), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_MATCHES, 0, number(1)), false));
}

/* ---- flags and time ---- */

static void test_flags(struct check *check, struct bench *bench) {
    const char *const words[] = {"a"};
    CHECK(check, is_flag(unary(bench, SLU_OP_KNOWN, 0, number(0)), true));
    CHECK(check, is_flag(unary(bench, SLU_OP_KNOWN, 0, list(bench, words, 0)), true));
    CHECK(check, is_flag(unary(bench, SLU_OP_KNOWN, 0, slu_value_missing()), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_TRUE, 0, slu_value_flag(true)), true));
    CHECK(check, is_flag(unary(bench, SLU_OP_TRUE, 0, slu_value_flag(false)), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_TRUE, 0, slu_value_missing()), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_TRUE, 0, number(1)), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_NOT, 0, slu_value_flag(true)), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_NOT, 0, slu_value_flag(false)), true));
}

static void test_times(struct check *check, struct bench *bench) {
    struct slu_value week = slu_value_duration(7 * DAY);
    put(bench, SLU_OP_NOW, 0);
    struct slu_value now = run(bench);
    CHECK(check, now.type == SLU_TYPE_TIME && now.as.number == NOON);
    CHECK(check, holds(bench, SLU_OP_WITHIN, slu_value_time(NOON), week));
    CHECK(check, holds(bench, SLU_OP_WITHIN, slu_value_time(NOON - 7 * DAY), week));
    CHECK(check, !holds(bench, SLU_OP_WITHIN, slu_value_time(NOON - 7 * DAY - 1), week));
    CHECK(check, !holds(bench, SLU_OP_WITHIN, slu_value_time(NOON + 1), week));
    CHECK(check, holds(bench, SLU_OP_OLDER, slu_value_time(NOON - 7 * DAY - 1), week));
    CHECK(check, !holds(bench, SLU_OP_OLDER, slu_value_time(NOON - 7 * DAY), week));
    static const enum slu_opcode opcodes[] = {SLU_OP_WITHIN, SLU_OP_OLDER};
    for (size_t i = 0; i < 2; i++) {
        CHECK(check, !holds(bench, opcodes[i], slu_value_missing(), week));
        CHECK(check, !holds(bench, opcodes[i], slu_value_time(0), slu_value_missing()));
        CHECK(check, !holds(bench, opcodes[i], number(0), week));
        CHECK(check, !holds(bench, opcodes[i], slu_value_time(0), number(1)));
    }
}

static bool during(struct bench *bench, double time) {
    return is_flag(unary(bench, SLU_OP_DURING, 0, slu_value_time(time)), true);
}

static void test_calendar(struct check *check, struct bench *bench) {
    enum { FRIDAY = 4 * 1440 };
    bench->hours = (struct slu_hours){FRIDAY + 9 * 60, FRIDAY + 17 * 60};
    struct slu_transition summer[] = {{1763719200, 7200}};
    int32_t closed[] = {20413 + 7};
    bench->calendar = (struct slu_calendar){.hours = &bench->hours,
                                            .hours_count = 1,
                                            .transitions = summer,
                                            .transition_count = 1,
                                            .closed_days = closed,
                                            .closed_count = 1,
                                            .first_offset = 3600};
    CHECK(check, during(bench, NOON));
    CHECK(check, during(bench, NOON - 2 * HOUR));      /* 08:00Z is 09:00 before the change */
    CHECK(check, !during(bench, NOON - 2 * HOUR - 1)); /* a millisecond before opening */
    CHECK(check, during(bench, NOON + 5 * HOUR - 1));  /* 15:00Z is 17:00 after it */
    CHECK(check, !during(bench, NOON + 5 * HOUR));
    CHECK(check, !during(bench, NOON + DAY));     /* Saturday */
    CHECK(check, !during(bench, NOON + 7 * DAY)); /* the closed day */
    CHECK(check, during(bench, NOON + 14 * DAY));
    CHECK(check, during(bench, NOON - 7 * 4000 * DAY)); /* a Friday before the epoch */
    CHECK(check, !during(bench, INFINITY) && !during(bench, NAN) && !during(bench, 1e300));
    CHECK(check, is_flag(unary(bench, SLU_OP_DURING, 0, slu_value_missing()), false));
    CHECK(check, is_flag(unary(bench, SLU_OP_DURING, 0, number(NOON)), false));
}

/* ---- functions, slots, jumps ---- */

static void test_calls(struct check *check, struct bench *bench) {
    enum slu_function length = slu_function_find(SLU_STRING("length"));
    CHECK(check, is_number(unary(bench, SLU_OP_CALL, length, text(bench, "café")), 4));
    CHECK(check, is_missing(unary(bench, SLU_OP_CALL, length, slu_value_missing())));
    CHECK(check, is_missing(unary(bench, SLU_OP_CALL, length, number(4))));
}

static enum slu_machine_status fill_first(void *context, uint32_t slot) {
    struct bench *bench = context;
    if (slot != 0) {
        return SLU_MACHINE_PENDING;
    }
    bench->slots[0] = number(bench->slots[0].type == SLU_TYPE_NUMBER ? 99 : 7);
    return SLU_MACHINE_OK;
}

static void test_slots(struct check *check, struct bench *bench) {
    put(bench, SLU_OP_SLOT, 0);
    CHECK(check, is_missing(run(bench)) && bench->status == SLU_MACHINE_OK);
    bench->machine.fill = fill_first;
    bench->machine.fill_context = bench;
    for (int i = 0; i < 2; i++) { /* filled once */
        put(bench, SLU_OP_SLOT, 0);
        CHECK(check, is_number(run(bench), 7) && bench->filled[0] == SLU_FILLED);
    }
    put(bench, SLU_OP_SLOT, 1);
    run(bench);
    CHECK(check, bench->status == SLU_MACHINE_PENDING && bench->filled[1] == SLU_UNFILLED);
}

/* constant; jump to the end; drop or not; constant. */
static struct slu_value jump(struct bench *bench, enum slu_opcode opcode, struct slu_value value) {
    push(bench, value);
    put(bench, opcode, 3);
    push(bench, number(42));
    return run(bench);
}

static void test_jumps(struct check *check, struct bench *bench) {
    CHECK(check, is_flag(jump(bench, SLU_OP_JUMP_IF_FALSE, slu_value_flag(false)), false));
    CHECK(check, is_number(jump(bench, SLU_OP_JUMP_IF_FALSE, slu_value_flag(true)), 42));
    CHECK(check, is_missing(jump(bench, SLU_OP_JUMP_IF_FALSE, slu_value_missing())));
    CHECK(check, is_flag(jump(bench, SLU_OP_JUMP_IF_TRUE, slu_value_flag(true)), true));
    CHECK(check, is_number(jump(bench, SLU_OP_JUMP_IF_TRUE, slu_value_flag(false)), 42));
    CHECK(check, is_number(jump(bench, SLU_OP_JUMP_IF_KNOWN, number(1)), 1));
    CHECK(check, is_number(jump(bench, SLU_OP_JUMP_IF_KNOWN, slu_value_missing()), 42));
    push(bench, number(1));
    put(bench, SLU_OP_JUMP, 3);
    put(bench, SLU_OP_NEGATE, 0);
    CHECK(check, is_number(run(bench), 1));
}

/* ---- text for people ---- */

static struct slu_value escape(struct bench *bench, enum slu_markup markup, const char *from) {
    return unary(bench, SLU_OP_ESCAPE, markup, text(bench, from));
}

static void test_escapes(struct check *check, struct bench *bench) {
    CHECK(check, is_text(escape(bench, SLU_MARKUP_PLAIN, "<a&b>"), "<a&b>"));
    CHECK(check, is_text(escape(bench, SLU_MARKUP_HTML, "<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;"));
    CHECK(check,
          is_text(escape(bench, SLU_MARKUP_MRKDWN, "<!channel> *b*"), "&lt;!channel&gt; \xE2\x80\x8B*b\xE2\x80\x8B*"));
    CHECK(check, is_text(escape(bench, SLU_MARKUP_MARKDOWN, "[x](y) @ann #1"), "\\[x\\](y) @\xE2\x80\x8B"
                                                                               "ann \\#1"));
    CHECK(check, is_text(escape(bench, SLU_MARKUP_URL, "a b/ü~"), "a%20b%2F%C3%BC~"));
    CHECK(check, is_missing(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_HTML, slu_value_missing())));
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_HTML, number(0.1)), "0.1"));
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_PLAIN, slu_value_flag(true)), "true"));
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_PLAIN, slu_value_time(NOON)), "2025-11-21T10:00:00Z"));
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_PLAIN, slu_value_duration(HOUR / 2)), "30 minutes"));
    const char *const words[] = {"a<", "b"};
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_HTML, list(bench, words, 2)), "a&lt;, b"));
    CHECK(check, is_text(unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_HTML, list(bench, words, 0)), ""));
    struct slu_value each = unary(bench, SLU_OP_ESCAPE_EACH, SLU_MARKUP_HTML, list(bench, words, 2));
    if (CHECK(check, each.type == SLU_TYPE_LIST && each.as.list->count == 2)) {
        CHECK(check, is_text(each.as.list->items[0], "a&lt;") && is_text(each.as.list->items[1], "b"));
    }
    CHECK(check, is_missing(unary(bench, SLU_OP_ESCAPE_EACH, SLU_MARKUP_HTML, slu_value_missing())));
}

static void test_joins(struct check *check, struct bench *bench) {
    push(bench, text(bench, "Hi "));
    push(bench, slu_value_missing());
    push(bench, text(bench, "!"));
    put(bench, SLU_OP_JOIN, 3);
    CHECK(check, is_text(run(bench), "Hi !"));
    put(bench, SLU_OP_JOIN, 0);
    CHECK(check, is_text(run(bench), ""));
}

static struct slu_value link_in(struct bench *bench, enum slu_markup markup) {
    return unary(bench, SLU_OP_LINK, slu_link_operand(0, markup), text(bench, "Flag"));
}

static void test_links(struct check *check, struct bench *bench) {
#define ADDRESS "https://rules.example.com/link/spam.flagged?for=a%2F1%20%C3%BC"
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_PLAIN), "Flag: " ADDRESS));
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_HTML), "<a href=\"" ADDRESS "\">Flag</a>"));
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_MRKDWN), "<" ADDRESS "|Flag>"));
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_MARKDOWN), "[Flag](" ADDRESS ")"));
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_URL), ADDRESS));
    bench->machine.link_base = (struct slu_string){NULL, 0};
    CHECK(check, is_text(link_in(bench, SLU_MARKUP_URL), "https://link.invalid/link/spam.flagged?for=a%2F1%20%C3%BC"));
#undef ADDRESS
}

/* ---- limits and the probe ---- */

struct probed {
    uint32_t count;
    struct slu_value left;
    bool outcome;
};

static void probe(void *context, uint32_t at, struct slu_value left, bool outcome) {
    struct probed *probed = context;
    (void)at;
    *probed = (struct probed){probed->count + 1, left, outcome};
}

static void test_probe(struct check *check, struct bench *bench) {
    struct probed probed = {0};
    bench->machine.probe = probe;
    bench->machine.probe_context = &probed;
    CHECK(check, holds(bench, SLU_OP_EQUAL, number(5), number(5)));
    CHECK(check, probed.count == 0); /* no entry: nothing to show */
    bench->debug = (struct slu_debug){.at = 2, .slot = SLU_NO_INDEX};
    bench->program.debug = &bench->debug;
    bench->program.debug_count = 1;
    CHECK(check, holds(bench, SLU_OP_EQUAL, number(5), number(5)));
    CHECK(check, probed.count == 1 && probed.outcome && is_number(probed.left, 5));
    bench->debug.negated = true;
    CHECK(check, holds(bench, SLU_OP_EQUAL, number(5), number(5)));
    CHECK(check, probed.count == 2 && !probed.outcome);
}

static void test_steps(struct check *check, struct bench *bench) {
    enum { WORDS = 100 };
    const char *words[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        words[i] = "w";
    }
    struct slu_value many = list(bench, words, WORDS);
    bench->machine.steps_left = 2;
    binary(bench, SLU_OP_ADD, number(1), number(1));
    CHECK(check, bench->status == SLU_MACHINE_STEPS);
    bench->machine.steps_left = 4;
    binary(bench, SLU_OP_ADD, number(1), number(1));
    CHECK(check, bench->status == SLU_MACHINE_OK && bench->machine.steps_left == 0);
    bench->machine.steps_left = WORDS;
    binary(bench, SLU_OP_ONE_OF, text(bench, "x"), many);
    CHECK(check, bench->status == SLU_MACHINE_STEPS);
    bench->machine.steps_left = 10 * WORDS; /* a hundred times a hundred comparisons */
    binary(bench, SLU_OP_HAS_ALL, many, many);
    CHECK(check, bench->status == SLU_MACHINE_STEPS);
}

static void test_memory(struct check *check, struct bench *bench) {
    struct slu_value name = text(bench, "GRÜN"), other = text(bench, "GRÜN<");
    bench->arena.limit_bytes = bench->arena.used_bytes; /* nothing is left */
    binary(bench, SLU_OP_EQUAL, name, other);
    CHECK(check, bench->status == SLU_MACHINE_NO_MEMORY);
    unary(bench, SLU_OP_ESCAPE, SLU_MARKUP_HTML, other);
    CHECK(check, bench->status == SLU_MACHINE_NO_MEMORY);
    unary(bench, SLU_OP_LINK, slu_link_operand(0, SLU_MARKUP_HTML), name);
    CHECK(check, bench->status == SLU_MACHINE_NO_MEMORY);
    unary(bench, SLU_OP_LIST, 1, name);
    CHECK(check, bench->status == SLU_MACHINE_NO_MEMORY);
    unary(bench, SLU_OP_JOIN, 1, name);
    CHECK(check, bench->status == SLU_MACHINE_NO_MEMORY);
}

int main(void) {
    typedef void test(struct check * check, struct bench * bench);
    static test *const tests[] = {test_arithmetic,  test_equality, test_order, test_between, test_lists,
                                  test_list_making, test_texts,    test_flags, test_times,   test_calendar,
                                  test_calls,       test_slots,    test_jumps, test_escapes, test_joins,
                                  test_links,       test_probe,    test_steps, test_memory};
    struct check check = {0, 0};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        static struct bench bench;
        begin(&bench);
        tests[i](&check, &bench);
        finish(&bench);
    }
    return check_finish(&check);
}
