/* A directed graph and its cycles, searched without recursion. */
#include "engine/check/checker.h"

bool slu_graph_init(struct slu_graph *graph, struct slu_arena *arena, uint32_t node_count) {
    *graph = (struct slu_graph){.arena = arena, .node_count = node_count};
    graph->first_edge = SLU_NEW_ARRAY(arena, uint32_t, node_count);
    for (uint32_t i = 0; graph->first_edge != NULL && i < node_count; i++) {
        graph->first_edge[i] = SLU_NO_INDEX;
    }
    return graph->first_edge != NULL;
}

bool slu_graph_add(struct slu_graph *graph, uint32_t from, uint32_t to, struct slu_span span) {
    if (graph->edge_count == graph->edge_capacity) {
        uint32_t capacity = graph->edge_capacity == 0 ? 64 : graph->edge_capacity * 2;
        struct slu_edge *edges = SLU_NEW_ARRAY(graph->arena, struct slu_edge, capacity);
        if (edges == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < graph->edge_count; i++) {
            edges[i] = graph->edges[i];
        }
        graph->edges = edges;
        graph->edge_capacity = capacity;
    }
    graph->edges[graph->edge_count] = (struct slu_edge){to, graph->first_edge[from], span};
    graph->first_edge[from] = graph->edge_count++;
    return true;
}

enum colour { NEW, OPEN, DONE };

/* The nodes on the way from the root of the search, and the edges between them. */
struct path {
    const struct slu_graph *graph;
    uint8_t *colours;    /* per node */
    uint32_t *nodes;     /* on the way */
    uint32_t *next_edge; /* of each of them: the one to follow next */
    uint32_t *edges;     /* edges[i] leads from nodes[i] to nodes[i + 1] */
    uint32_t length;
    uint32_t *order;
    uint32_t ordered;
};

static void enter(struct path *path, uint32_t node) {
    path->colours[node] = OPEN;
    path->nodes[path->length] = node;
    path->next_edge[path->length++] = path->graph->first_edge[node];
}

static void report(const struct path *path, uint32_t to, slu_graph_cycle *found, void *context) {
    uint32_t start = path->length - 1;
    while (path->nodes[start] != to) {
        start--;
    }
    found(context, path->edges + start, path->length - start);
}

static void search_from(struct path *path, uint32_t root, slu_graph_cycle *found, void *context) {
    enter(path, root);
    while (path->length > 0) {
        uint32_t top = path->length - 1;
        uint32_t edge = path->next_edge[top];
        if (edge == SLU_NO_INDEX) {
            path->colours[path->nodes[top]] = DONE;
            path->order[path->ordered++] = path->nodes[top];
            path->length--;
            continue;
        }
        path->next_edge[top] = path->graph->edges[edge].next;
        path->edges[top] = edge;
        uint32_t to = path->graph->edges[edge].to;
        if (path->colours[to] == OPEN) {
            report(path, to, found, context);
        } else if (path->colours[to] == NEW) {
            enter(path, to);
        }
    }
}

bool slu_graph_search(const struct slu_graph *graph, uint32_t *order, slu_graph_cycle *found, void *context) {
    struct path path = {.graph = graph, .order = order};
    path.colours = SLU_NEW_ARRAY(graph->arena, uint8_t, graph->node_count);
    path.nodes = SLU_NEW_ARRAY(graph->arena, uint32_t, graph->node_count);
    path.next_edge = SLU_NEW_ARRAY(graph->arena, uint32_t, graph->node_count);
    path.edges = SLU_NEW_ARRAY(graph->arena, uint32_t, graph->node_count);
    if (graph->arena->failed) {
        return false;
    }
    for (uint32_t node = 0; node < graph->node_count; node++) {
        if (path.colours[node] == NEW) {
            search_from(&path, node, found, context);
        }
    }
    return true;
}
