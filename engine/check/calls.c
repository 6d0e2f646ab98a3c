/* Calls of pure functions, and `link`. */
#include "engine/check/checker.h"
#include "stdlib/functions/functions.h"

static void check_plain_arguments(struct slu_checker *checker, const struct slu_expression *call) {
    for (uint32_t i = 0; i < call->argument_count; i++) {
        const struct slu_argument *argument = &call->arguments[i];
        if (argument->each) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, argument->value->span,
                                    "`each` repeats an action: it cannot stand in a function");
            slu_diagnostics_note(checker->diagnostics, diagnostic, "write `each %.*s(...)` as the action's argument",
                                 SLU_SHOWN(call->text));
        }
        if (argument->name.text.bytes != NULL) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_PARAMETER, argument->name.span,
                                    "the arguments of `%.*s` have no names", SLU_SHOWN(call->text));
            slu_diagnostics_note(checker->diagnostics, diagnostic, "leave out `%.*s:`", SLU_SHOWN(argument->name.text));
        }
    }
}

/* link("words to press", event): a signed link that raises the event. */
static void check_link(struct slu_checker *checker, struct slu_expression *call, enum slu_link_use links) {
    call->type = SLU_TYPE_TEXT;
    if (links == SLU_LINK_REFUSED) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, slu_expression_text_span(call),
                            "a link is for the text of an action: it cannot stand here");
    }
    if (call->argument_count != 2 || call->arguments[1].value->kind != SLU_EXPRESSION_NAME) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, slu_expression_text_span(call),
                                "`link` takes a text and an event");
        slu_diagnostics_note(checker->diagnostics, diagnostic, "as in link(\"Flag as spam\", spam.flagged)");
        return;
    }
    check_plain_arguments(checker, call);
    const struct slu_expression *words = call->arguments[0].value;
    if (words->type != SLU_TYPE_TEXT && words->type != SLU_TYPE_MISSING) {
        slu_check_mismatch(checker, SLU_TYPE_TEXT, words, "the words of a link are a text");
    }
    struct slu_expression *event = call->arguments[1].value;
    call->binding = SLU_BINDING_LINK;
    call->index = slu_check_find_event(checker, (struct slu_word){event->text, event->span});
}

static void check_argument(struct slu_checker *checker, const struct slu_function_entry *function,
                           const struct slu_expression *value, enum slu_type wanted) {
    enum slu_type type = (enum slu_type)value->type;
    if (type == SLU_TYPE_MISSING || wanted == SLU_TYPE_MISSING) {
        return;
    }
    if (type != wanted) {
        struct slu_phrase phrase =
            slu_check_phrase("`%s` takes %s here", function->word, slu_check_type_phrase(wanted));
        slu_check_mismatch(checker, wanted, value, phrase.text);
    } else if (type == SLU_TYPE_LIST && value->element != SLU_TYPE_TEXT && value->element != SLU_TYPE_MISSING) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, value->span,
                            "`%s` takes a list of texts, but the elements here are each %s", function->word,
                            slu_check_type_phrase((enum slu_type)value->element));
    }
}

static const char *plural(uint32_t count) {
    return count == 1 ? "" : "s";
}

void slu_check_function_call(struct slu_checker *checker, struct slu_expression *call, enum slu_link_use links) {
    if (slu_expression_is_link(call)) {
        check_link(checker, call, links);
        return;
    }
    enum slu_function index = slu_function_find(call->text);
    if (index == SLU_FUNCTION_COUNT) {
        slu_check_unknown(checker, SLU_NAME_FUNCTION, (struct slu_word){call->text, slu_expression_text_span(call)});
        return;
    }
    const struct slu_function_entry *function = &slu_functions[index];
    call->binding = SLU_BINDING_FUNCTION;
    call->index = (uint32_t)index;
    call->type = (uint8_t)function->result;
    call->element = function->result == SLU_TYPE_LIST ? SLU_TYPE_TEXT : SLU_TYPE_MISSING;
    check_plain_arguments(checker, call);
    if (call->argument_count != function->parameter_count) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, slu_expression_text_span(call),
                                "`%s` takes %u argument%s, but here %s %u", function->word,
                                (unsigned)function->parameter_count, plural(function->parameter_count),
                                call->argument_count == 1 ? "is" : "are", (unsigned)call->argument_count);
        slu_diagnostics_note(checker->diagnostics, diagnostic, "as in %s", function->example);
        return;
    }
    for (uint32_t i = 0; i < call->argument_count; i++) {
        check_argument(checker, function, call->arguments[i].value, function->parameters[i]);
    }
}
