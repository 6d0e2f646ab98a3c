/* What vectorscan alone takes to seek the same patterns in the same texts: the yardstick of
 * patterns.py, which compiles this. Letter case is ignored; an expression's characters are bytes.
 *
 * usage: raw_scan PATTERNS TEXTS      (as spam.py --list prints them; one text a line) */
#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATTERNS_MOST = 1 << 17, TEXTS_MOST = 1 << 14, LINE_BYTES = 1 << 12, ROUNDS = 7, SCANS = 20000 };

static char *expressions[PATTERNS_MOST];
static unsigned flags[PATTERNS_MOST], numbers[PATTERNS_MOST];
static unsigned char found[PATTERNS_MOST];
static char *texts[TEXTS_MOST];
static size_t lengths[TEXTS_MOST];

static int note(unsigned number, unsigned long long from, unsigned long long to, unsigned flag, void *context) {
    (void)from, (void)to, (void)flag, (void)context;
    found[number] = 1;
    return 0;
}

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static char *escaped(const char *literal) {
    char *made = malloc(4 * strlen(literal) + 1), *at = made;
    for (; made != NULL && *literal != '\0'; literal++) {
        at += sprintf(at, "\\x%02x", (unsigned char)*literal);
    }
    return made;
}

static FILE *open_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    return file;
}

static unsigned read_patterns(const char *path) {
    char line[LINE_BYTES];
    unsigned count = 0;
    FILE *file = open_file(path);
    while (count < PATTERNS_MOST && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *text = strchr(line, '\t') + 1;
        expressions[count] = line[0] == 'p' ? escaped(text) : strdup(text);
        flags[count] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;
        numbers[count] = count;
        count++;
    }
    fclose(file);
    return count;
}

static unsigned read_texts(const char *path) {
    char line[LINE_BYTES];
    unsigned count = 0;
    FILE *file = open_file(path);
    while (count < TEXTS_MOST && fgets(line, sizeof line, file) != NULL) {
        lengths[count] = strcspn(line, "\n");
        texts[count++] = strdup(line);
    }
    fclose(file);
    return count;
}

int main(int argc, char **argv) {
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    hs_scratch_t *scratch = NULL;
    if (argc != 3) {
        fputs("usage: raw_scan PATTERNS TEXTS\n", stderr);
        return 2;
    }
    unsigned patterns = read_patterns(argv[1]), count = read_texts(argv[2]);
    double before = nanoseconds(), best = 1e18;
    if (hs_compile_multi((const char *const *)expressions, flags, numbers, patterns, HS_MODE_BLOCK, NULL, &database,
                         &error) != HS_SUCCESS ||
        hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
        fprintf(stderr, "raw_scan: %s\n", error == NULL ? "no memory" : error->message);
        return 2;
    }
    double compiled = nanoseconds() - before;
    for (unsigned round = 0; round < ROUNDS; round++) {
        double start = nanoseconds();
        for (unsigned i = 0; i < SCANS; i++) {
            hs_scan(database, texts[i % count], (unsigned)lengths[i % count], 0, scratch, note, NULL);
        }
        double spent = (nanoseconds() - start) / SCANS;
        best = spent < best ? spent : best;
    }
    printf("{\"patterns\":%u,\"compile_ms\":%.1f,\"scan_ns\":%.1f}\n", patterns, compiled / 1e6, best);
    return 0;
}
