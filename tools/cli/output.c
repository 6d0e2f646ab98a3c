#include "tools/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Bytes that are worth a system call. */
enum { WRITE_BYTES = 64 * 1024 };

void cli_output_init(struct cli_output *output, int descriptor) {
    *output = (struct cli_output){.descriptor = descriptor};
    slu_buffer_init(&output->buffer);
}

bool cli_write_all(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static void write_bytes(struct cli_output *output, const char *bytes, size_t length) {
    if (output->error == 0 && !cli_write_all(output->descriptor, bytes, length)) {
        output->error = errno;
        output->reader_gone = errno == EPIPE;
    }
}

bool cli_output_write(struct cli_output *output, struct slu_string bytes) {
    bool good = cli_output_flush(output);
    write_bytes(output, bytes.bytes, bytes.length);
    return good && output->error == 0;
}

bool cli_output_flush(struct cli_output *output) {
    if (output->error != 0 || output->buffer.length == 0) {
        return output->error == 0 && !output->buffer.failed;
    }
    write_bytes(output, output->buffer.bytes, output->buffer.length);
    bool lost = output->buffer.failed;
    slu_buffer_clear(&output->buffer);
    output->buffer.failed = lost; /* something is missing from the output: do not forget it */
    return output->error == 0 && !lost;
}

bool cli_output_step(struct cli_output *output) {
    if (output->buffer.length < WRITE_BYTES && !output->buffer.failed) {
        return output->error == 0;
    }
    return cli_output_flush(output);
}

bool cli_output_finish(struct cli_output *output, const char *name) {
    bool good = cli_output_flush(output);
    if (output->buffer.failed) {
        cli_complain("out of memory");
    } else if (!good && !output->reader_gone) {
        cli_complain("cannot write %s: %s", name, strerror(output->error));
    }
    slu_buffer_free(&output->buffer);
    return good;
}

/* Names of files may hold anything: what a terminal may obey becomes a question mark. */
static void disarm(char *text) {
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        bool upper_control = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0;
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7F || upper_control) {
            *at = '?';
            at[1] = upper_control ? '?' : at[1];
        }
    }
}

void cli_complain(const char *format, ...) {
    enum { LONGEST = 8192 }; /* a path has at most 4096 bytes */
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    disarm(text);
    fprintf(stderr, "sluice: %s\n", text);
}

void cli_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

bool cli_output_claim_standard(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) {
            continue;
        }
        /* The wrong way round on purpose: using a closed stream is an error
         * that is reported, only standard error is swallowed. */
        int flags = descriptor == 1 ? O_RDONLY : O_WRONLY;
        if (open("/dev/null", flags) != descriptor) {
            return false;
        }
    }
    return true;
}

void cli_add_count(struct slu_buffer *buffer, size_t count, const char *one, const char *more) {
    slu_buffer_add_format(buffer, "%zu %s", count, count == 1 ? one : more);
}
