/* The stripped three-tier system of benchmark_engines.py, by hand: units of three tiers with a few servers each, first
   come, first served; who has waited `limit` hours at a unit goes up to its parent. Reads what it plays from standard
   input (as doubles: problems, limit, horizon; units and servers of each tier; then arrival, work and grid of each
   problem), prints nanoseconds a problem (best of ten), the mean time to close and the share that went up. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct { double time; int problem, unit; } Event; /* unit < 0: a limit ends, else: work there ends */

static int n, units[3], servers[3], first[4];
static double limit, horizon, *arises, *work, *entered, *closed;
static int *grid, *next, *before, *where, *head, *tail, *idle, *parent, *tier;
static Event *heap;
static int size;
static long went_up;

static void push(double time, int problem, int unit) {
    int i = size++;
    while (i > 0 && heap[(i - 1) / 2].time > time) { heap[i] = heap[(i - 1) / 2]; i = (i - 1) / 2; }
    heap[i].time = time; heap[i].problem = problem; heap[i].unit = unit;
}

static Event pop(void) {
    Event top = heap[0], last = heap[--size];
    int i = 0, child;
    while ((child = 2 * i + 1) < size) {
        child += child + 1 < size && heap[child + 1].time < heap[child].time;
        if (heap[child].time >= last.time) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return top;
}

static void arrive(int p, int u, double now) {
    if (idle[u] > 0) { idle[u]--; where[p] = -1; push(now + work[p], p, u); return; }
    where[p] = u; entered[p] = now; next[p] = -1; before[p] = tail[u];
    if (tail[u] >= 0) next[tail[u]] = p; else head[u] = p;
    tail[u] = p;
    if (parent[u] >= 0) push(now + limit, p, -1 - u);
}

static void leave(int p, int u) {
    if (before[p] >= 0) next[before[p]] = next[p]; else head[u] = next[p];
    if (next[p] >= 0) before[next[p]] = before[p]; else tail[u] = before[p];
    where[p] = -1;
}

static void play(void) {
    int following = 0;
    size = 0; went_up = 0;
    for (int u = 0; u < first[3]; u++) { idle[u] = servers[tier[u]]; head[u] = tail[u] = -1; }
    for (int p = 0; p < n; p++) closed[p] = -1.0;
    for (;;) {
        if (following < n && (size == 0 || arises[following] <= heap[0].time)) {
            arrive(following, grid[following], arises[following]);
            following++;
            continue;
        }
        if (size == 0 || heap[0].time > horizon) return;
        Event e = pop();
        if (e.unit >= 0) {
            closed[e.problem] = e.time;
            int p = head[e.unit];
            if (p >= 0) { leave(p, e.unit); push(e.time + work[p], p, e.unit); } else idle[e.unit]++;
        } else {
            int u = -1 - e.unit;
            if (where[e.problem] == u) { leave(e.problem, u); went_up++; arrive(e.problem, parent[u], e.time); }
        }
    }
}

static double number(void) { double x; return fread(&x, 8, 1, stdin) == 1 ? x : 0.0; }

int main(void) {
    n = (int)number(); limit = number(); horizon = number();
    for (int t = 0; t < 3; t++) { units[t] = (int)number(); servers[t] = (int)number(); first[t + 1] = first[t] + units[t]; }
    arises = malloc(8 * n); work = malloc(8 * n); entered = malloc(8 * n); closed = malloc(8 * n);
    grid = malloc(4 * n); next = malloc(4 * n); before = malloc(4 * n); where = malloc(4 * n);
    heap = malloc(sizeof(Event) * (4 * n + 64));
    head = malloc(4 * first[3]); tail = malloc(4 * first[3]); idle = malloc(4 * first[3]);
    parent = malloc(4 * first[3]); tier = malloc(4 * first[3]);
    for (int t = 0; t < 3; t++)
        for (int j = 0; j < units[t]; j++) {
            tier[first[t] + j] = t;
            parent[first[t] + j] = t == 2 ? -1 : first[t + 1] + (int)((long)j * units[t + 1] / units[t]);
        }
    for (int p = 0; p < n; p++) { arises[p] = number(); work[p] = number(); grid[p] = (int)number(); }
    double best = 1e30, sum = 0.0;
    long done = 0;
    for (int k = 0; k < 10; k++) {
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        play();
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double took = (b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec);
        if (took < best) best = took;
    }
    for (int p = 0; p < n; p++) if (closed[p] >= 0.0) { sum += closed[p] - arises[p]; done++; }
    printf("%.3f %.12f %.12f\n", best / n, sum / done, (double)went_up / n);
    return 0;
}
