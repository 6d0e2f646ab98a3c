/* What the parts of the compiler share; nothing outside engine/compile/ includes it. */
#ifndef SLU_COMPILE_COMPILER_H
#define SLU_COMPILE_COMPILER_H

#include "engine/base/map.h"
#include "engine/check/model.h"
#include "engine/code/program.h"
#include "engine/text/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A table that grows on the scratch arena and is copied to the program at the end. */
struct slu_table {
    void *items;
    uint32_t count, capacity;
};

/* The piece of code that is being made. */
struct slu_piece {
    uint32_t start;
    uint32_t depth;   /* values on the stack here */
    uint32_t barrier; /* a jump leads to here, or before: what stands before is not moved */
    uint32_t levels;  /* of the expression */
    struct slu_span span;
};

struct slu_compiler {
    const struct slu_model *model; /* borrowed */
    struct slu_diagnostics *diagnostics;
    struct sluice_program *program;
    struct slu_arena scratch; /* freed when the compile ends */
    bool no_memory;           /* sticky: looked at between the stages */
    bool refused;             /* sticky: a limit was reached in this piece, nothing more is emitted */

    struct slu_table code;           /* slu_instruction */
    struct slu_table debug;          /* struct slu_debug */
    struct slu_table constants;      /* struct slu_value */
    struct slu_table patterns;       /* const struct slu_pattern * */
    struct slu_table calendars;      /* struct slu_calendar */
    struct slu_table slots;          /* struct slu_slot */
    struct slu_table lookups;        /* struct slu_program_lookup */
    struct slu_table lookup_origins; /* uint32_t: each one's number in the model */
    struct slu_table allowances;     /* struct slu_program_allowance */
    struct slu_table actions;        /* struct slu_program_action */
    struct slu_table arguments;      /* struct slu_program_argument */
    /* Of the last literal, taken again for the next one. */
    struct slu_table literal_texts;  /* struct slu_text */
    struct slu_table literal_values; /* struct slu_value */
    struct slu_list literal_list;
    struct slu_piece piece;

    struct slu_map text_constants, other_constants, pattern_numbers;
    /* By index into the model's lists: where it is in the program, or SLU_NO_INDEX. */
    uint32_t *field_slots, *lookup_numbers, *calendar_numbers, *list_constants;
};

/* ---- compile.c ---- */

/* Makes room for more items of `size` bytes. False, and `no_memory`, when there is none. */
bool slu_compiler_grow(struct slu_compiler *compiler, struct slu_arena *arena, struct slu_table *table, size_t size);
/* A zeroed place at the end of the table; NULL, and `no_memory`, when there is none. Here, because
 * it is asked for by the hundred thousand, mostly for a few bytes. */
static inline void *slu_compiler_push_on(struct slu_compiler *compiler, struct slu_arena *arena,
                                         struct slu_table *table, size_t size) {
    if (table->count == table->capacity && !slu_compiler_grow(compiler, arena, table, size)) {
        return NULL;
    }
    return memset((char *)table->items + table->count++ * size, 0, size);
}
/* The same for a table on the scratch arena. */
static inline void *slu_compiler_push(struct slu_compiler *compiler, struct slu_table *table, size_t size) {
    return slu_compiler_push_on(compiler, &compiler->scratch, table, size);
}
/* Memory of the program for a table that is complete; NULL and `no_memory` as above. */
void *slu_compiler_room(struct slu_compiler *compiler, size_t count, size_t size);
/* Reports, once per piece, that something is larger than sluice accepts. */
void slu_compiler_refuse(struct slu_compiler *compiler, struct slu_span span, const char *what, uint32_t limit);

/* ---- constants.c: indices into the program's constants; SLU_NO_INDEX with `no_memory` ---- */

/* The value is copied to the program with its texts, folded; the same one is kept once. */
uint32_t slu_compiler_constant(struct slu_compiler *compiler, struct slu_value value);
/* The list on the program's arena; NULL with `no_memory`. */
const struct slu_list *slu_compiler_words(struct slu_compiler *compiler, const struct slu_words *words);
/* The value of a literal (TEXT, NUMBER, FLAG, TIME, DURATION or a LIST of them,
 * elements with unary minus included); false when it is none. Good until the next
 * one is asked for: slu_compiler_constant makes a copy. */
bool slu_compiler_literal(struct slu_compiler *compiler, const struct slu_expression *expression,
                          struct slu_value *value);
uint32_t slu_compiler_named_list(struct slu_compiler *compiler, uint32_t list);
uint32_t slu_compiler_pattern(struct slu_compiler *compiler, const struct slu_expression *matches);

/* ---- slots.c ---- */

/* The slot of a field, made when it is first asked for, with the slots that it needs. */
uint32_t slu_compiler_slot(struct slu_compiler *compiler, uint32_t field);
/* The code of the look-ups' arguments, which may ask for more of them. */
void slu_compile_lookups(struct slu_compiler *compiler);

/* ---- pieces.c ---- */

void slu_piece_begin(struct slu_compiler *compiler, struct slu_span span);
struct slu_code slu_piece_end(struct slu_compiler *compiler);
/* Adds an instruction, run at once where its operands are constants. */
void slu_emit(struct slu_compiler *compiler, enum slu_opcode opcode, uint32_t operand);
void slu_emit_constant(struct slu_compiler *compiler, struct slu_value value);
/* A test with its entry for the trace: the condition `written`, `left` on its left side. */
void slu_emit_test(struct slu_compiler *compiler, enum slu_opcode opcode, uint32_t operand,
                   const struct slu_expression *written, const struct slu_expression *left, bool negated);
/* A jump whose target is set by slu_emit_label; its place. */
uint32_t slu_emit_jump(struct slu_compiler *compiler, enum slu_opcode opcode);
void slu_emit_label(struct slu_compiler *compiler, uint32_t jump);
uint32_t slu_emit_here(const struct slu_compiler *compiler);
/* Forgets what was emitted from `place` on; `depth` values are on the stack then. */
void slu_emit_forget(struct slu_compiler *compiler, uint32_t place, uint32_t depth);
/* Is the code from `place` on one constant? Then it is in *value. */
bool slu_emitted_constant(const struct slu_compiler *compiler, uint32_t place, struct slu_value *value);
slu_instruction slu_emitted(const struct slu_compiler *compiler, uint32_t place);

/* ---- fold.c ---- */

/* Runs the code from `first` on, which reads constants only, and puts its
 * value in place of it. Leaves it alone when it cannot be run. */
void slu_compiler_fold(struct slu_compiler *compiler, uint32_t first);

/* ---- expressions.c, texts.c ---- */

/* Leaves the value of the expression on the stack. */
void slu_compile_operand(struct slu_compiler *compiler, const struct slu_expression *expression);
/* Leaves a flag on the stack. */
void slu_compile_condition(struct slu_compiler *compiler, const struct slu_expression *expression);
/* Leaves a text written in the markup, or missing. */
void slu_compile_text(struct slu_compiler *compiler, const struct slu_expression *expression, enum slu_markup markup);
/* One more level of the expression; false past the limit. Undone by slu_compile_leave. */
bool slu_compile_enter(struct slu_compiler *compiler, const struct slu_expression *expression);
void slu_compile_leave(struct slu_compiler *compiler);

/* ---- rules.c, actions.c, sources.c, calendars.c, zone.c ---- */

void slu_compile_rules(struct slu_compiler *compiler);
void slu_compile_guards(struct slu_compiler *compiler);
void slu_compile_assertions(struct slu_compiler *compiler);
/* The code of a value that is given to something of that type. */
struct slu_code slu_compile_value(struct slu_compiler *compiler, const struct slu_expression *value, bool each,
                                  const struct slu_declared_type *type);
/* Adds the rule's actions to the table. */
void slu_compile_actions(struct slu_compiler *compiler, const struct slu_bound_action *actions, uint32_t count);
void slu_compile_sources(struct slu_compiler *compiler);
/* The values and actions of test blocks. */
void slu_compile_tests(struct slu_compiler *compiler);
/* small.c: no limit can be met in making the code, and nothing else be found. False also when out of memory. */
bool slu_compile_is_small(const struct slu_model *model, struct slu_arena *scratch);
/* patterns.c: with the code whole, the fields that are scanned for many texts. */
void slu_compile_scans(struct slu_compiler *compiler);
/* The indexes of the rulesets, when everything else is whole. */
void slu_compile_indexes(struct slu_compiler *compiler);
/* The calendar's number, made when it is first asked for. */
uint32_t slu_compiler_calendar(struct slu_compiler *compiler, uint32_t calendar);
/* Reads a TZif file (RFC 8536) into the calendar's changes of the clock, to
 * the end of 2199. NULL, or what is wrong with the data. */
const char *slu_zone_read(struct slu_arena *arena, struct slu_string data, struct slu_calendar *calendar, bool *failed);

#endif
