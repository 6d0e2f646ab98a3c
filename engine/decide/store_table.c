#include "engine/decide/store_table.h"

#include "engine/base/map.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 16 };

void slu_store_table_init(struct slu_store_table *table) {
    *table = (struct slu_store_table){NULL, 0, 0};
}

void slu_store_table_free(struct slu_store_table *table, void (*free_record)(void *record)) {
    for (size_t i = 0; i < table->bucket_count; i++) {
        struct slu_store_entry *entry = table->buckets[i];
        while (entry != NULL) {
            struct slu_store_entry *next = entry->next;
            free_record(entry->record);
            free(entry);
            entry = next;
        }
    }
    free(table->buckets);
    slu_store_table_init(table);
}

/* The link that leads to the key's entry, or to the end of its bucket. */
static struct slu_store_entry **find_link(const struct slu_store_table *table, struct slu_string key, uint64_t hash) {
    struct slu_store_entry **link = &table->buckets[hash & (table->bucket_count - 1)];
    for (; *link != NULL; link = &(*link)->next) {
        if ((*link)->hash == hash && slu_string_equal((struct slu_string){(*link)->key, (*link)->key_length}, key)) {
            break;
        }
    }
    return link;
}

void **slu_store_table_find(const struct slu_store_table *table, struct slu_string key) {
    if (table->count == 0) {
        return NULL;
    }
    struct slu_store_entry *entry = *find_link(table, key, slu_map_hash(key));
    return entry == NULL ? NULL : &entry->record;
}

/* At most one entry per bucket on average. False when out of memory. */
static bool make_room(struct slu_store_table *table) {
    if (table->count < table->bucket_count) {
        return true;
    }
    size_t count = table->bucket_count == 0 ? FIRST_BUCKETS : table->bucket_count * 2;
    struct slu_store_entry **buckets = calloc(count, sizeof *buckets);
    if (buckets == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->bucket_count; i++) {
        struct slu_store_entry *entry = table->buckets[i];
        while (entry != NULL) {
            struct slu_store_entry *next = entry->next;
            struct slu_store_entry **bucket = &buckets[entry->hash & (count - 1)];
            entry->next = *bucket;
            *bucket = entry;
            entry = next;
        }
    }
    free(table->buckets);
    table->buckets = buckets;
    table->bucket_count = count;
    return true;
}

void **slu_store_table_put(struct slu_store_table *table, struct slu_string key) {
    uint64_t hash = slu_map_hash(key);
    if (!make_room(table)) {
        return NULL;
    }
    struct slu_store_entry **link = find_link(table, key, hash);
    if (*link != NULL) {
        return &(*link)->record;
    }
    struct slu_store_entry *entry = malloc(sizeof *entry + key.length);
    if (entry == NULL) {
        return NULL;
    }
    *entry = (struct slu_store_entry){.hash = hash, .key_length = key.length};
    if (key.length > 0) {
        memcpy(entry->key, key.bytes, key.length);
    }
    *link = entry;
    table->count++;
    return &entry->record;
}

void *slu_store_table_remove(struct slu_store_table *table, struct slu_string key) {
    if (table->count == 0) {
        return NULL;
    }
    struct slu_store_entry **link = find_link(table, key, slu_map_hash(key));
    struct slu_store_entry *entry = *link;
    if (entry == NULL) {
        return NULL;
    }
    void *record = entry->record;
    *link = entry->next;
    free(entry);
    table->count--;
    return record;
}
