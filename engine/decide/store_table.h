/* A hash table from bytes to records, malloc'd; records can be taken out again. */
#ifndef SLU_DECIDE_STORE_TABLE_H
#define SLU_DECIDE_STORE_TABLE_H

#include "engine/base/string.h"

#include <stddef.h>
#include <stdint.h>

struct slu_store_entry {
    struct slu_store_entry *next; /* in the same bucket */
    uint64_t hash;
    void *record; /* owned by whoever put it there */
    size_t key_length;
    char key[];
};

struct slu_store_table {
    struct slu_store_entry **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
};

/* Needs no memory: an empty table is all zero. */
void slu_store_table_init(struct slu_store_table *table);
/* Frees the table and each record with `free_record`. */
void slu_store_table_free(struct slu_store_table *table, void (*free_record)(void *record));
/* The place of the key's record, or NULL. */
void **slu_store_table_find(const struct slu_store_table *table, struct slu_string key);
/* The same, made (holding NULL) when it is not there; NULL when out of memory. */
void **slu_store_table_put(struct slu_store_table *table, struct slu_string key);
/* Takes the key out; its record is the caller's, NULL when there was none. */
void *slu_store_table_remove(struct slu_store_table *table, struct slu_string key);

#endif
