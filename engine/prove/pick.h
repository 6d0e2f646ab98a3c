/* The most natural value of an interval. */
#ifndef SLU_PROVE_PICK_H
#define SLU_PROVE_PICK_H

/* low <= value < high; either may be infinite. */
struct slu_interval {
    double low, high;
};

double slu_pick_number(struct slu_interval interval);
/* Milliseconds: whole days before whole hours, and so on; `usual` where it fits. */
double slu_pick_time(struct slu_interval interval, double usual);

/* Some steps further: of 1, or of the last decimal that the number is written with. */
double slu_pick_neighbour(double number, int steps);

#endif
