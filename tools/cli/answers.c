#include "tools/cli/answers.h"

#include <stdlib.h>
#include <unistd.h>

void cli_answers_init(struct cli_answers *answers) {
    *answers = (struct cli_answers){.complaints = NULL};
    slu_buffer_init(&answers->text);
}

void cli_answers_free(struct cli_answers *answers) {
    slu_buffer_free(&answers->text);
    free(answers->complaints);
}

void cli_answers_begin_complaint(struct cli_answers *answers) {
    if (answers->complaint_count == answers->complaint_capacity) {
        size_t capacity = answers->complaint_capacity == 0 ? 16 : 2 * answers->complaint_capacity;
        struct cli_complaint *grown = realloc(answers->complaints, capacity * sizeof *grown);
        if (grown == NULL) {
            answers->text.failed = true;
            return;
        }
        answers->complaints = grown;
        answers->complaint_capacity = capacity;
    }
    answers->complaints[answers->complaint_count++].start = answers->text.length;
}

void cli_answers_end_complaint(struct cli_answers *answers) {
    if (!answers->text.failed) {
        answers->complaints[answers->complaint_count - 1].end = answers->text.length;
    }
}

bool cli_answers_write(struct cli_answers *answers, struct cli_output *output) {
    const char *bytes = answers->text.bytes;
    size_t at = 0;
    bool good = !answers->text.failed;
    for (size_t i = 0; i < answers->complaint_count && good; i++) {
        struct cli_complaint complaint = answers->complaints[i];
        good = cli_output_write(output, (struct slu_string){bytes + at, complaint.start - at});
        /* Nothing can be done about a standard error that cannot be written. */
        (void)cli_write_all(STDERR_FILENO, bytes + complaint.start, complaint.end - complaint.start);
        at = complaint.end;
    }
    good = good && cli_output_write(output, (struct slu_string){bytes + at, answers->text.length - at});
    slu_buffer_clear(&answers->text);
    answers->complaint_count = 0;
    return good;
}
