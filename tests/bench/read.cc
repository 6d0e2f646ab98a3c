// What reading and deciding an event costs, beside simdjson's DOM parse of the same bytes, in
// one process: the ways take turns, so that what else the machine does hits them alike. The
// arguments are a rules file and a file of events, one a line; prints one JSON object.
#include "sluice.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <simdjson.h>
#include <string>
#include <time.h>
#include <vector>

namespace {

constexpr int rounds = 41;

struct bench {
    std::vector<simdjson::padded_string> events;
    sluice_program *program = nullptr;
    sluice_decider *decider = nullptr;
    simdjson::dom::parser parser;
    size_t unread = 0;
};

double cpu_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

[[noreturn]] void fail(const std::string &message) {
    std::cerr << "read: " << message << '\n';
    std::exit(2);
}

std::string file_text(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        fail(std::string("cannot read ") + path);
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void compile(bench &bench, const char *path) {
    const std::string text = file_text(path);
    const std::string name = path;
    const sluice_file file = {{name.data(), name.size()}, {text.data(), text.size()}};
    sluice_host host = {};
    host.report = [](void *, bool is_error, sluice_string shown, sluice_string) {
        if (is_error) {
            std::cerr.write(shown.bytes, static_cast<std::streamsize>(shown.length));
        }
    };
    if (sluice_compile(&file, 1, &host, &bench.program) != SLUICE_OK ||
        sluice_decider_new(bench.program, &bench.decider) != SLUICE_OK) {
        fail("the rules do not compile");
    }
}

bool read_one(bench &bench, const simdjson::padded_string &text, sluice_event *event) {
    sluice_error error = {};
    sluice_delivery delivery = {};
    delivery.body = {text.data(), text.size()};
    delivery.source = {"helpdesk", 8};
    return sluice_read(bench.decider, &delivery, event, &error) == SLUICE_OK;
}

void read_all(bench &bench) {
    sluice_event event = {};
    for (const auto &text : bench.events) {
        bench.unread += !read_one(bench, text, &event);
    }
}

void read_and_decide_all(bench &bench) {
    for (const auto &text : bench.events) {
        sluice_event event = {};
        sluice_error error = {};
        sluice_result result = {};
        bool fine = read_one(bench, text, &event);
        sluice_inputs inputs = {};
        inputs.clock = event.time;
        bench.unread += !fine || sluice_decide(bench.decider, &inputs, &result, &error) != SLUICE_OK;
    }
}

void simdjson_all(bench &bench) {
    for (const auto &text : bench.events) {
        bench.unread += bench.parser.parse(text).error() != simdjson::SUCCESS;
    }
}

void copy_all(bench &bench) {
    static char to[1 << 20];
    for (const auto &text : bench.events) {
        std::copy_n(text.data(), std::min(text.size(), sizeof to), to);
        asm volatile("" : : "r"(to) : "memory");
    }
}

struct way {
    const char *name;
    void (*run)(bench &);
    std::vector<double> times;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argument_count, char **arguments) {
    if (argument_count != 3) {
        fail("usage: read RULES EVENTS");
    }
    bench bench;
    compile(bench, arguments[1]);
    std::ifstream lines(arguments[2]);
    size_t bytes = 0;
    for (std::string line; std::getline(lines, line);) {
        bytes += line.size();
        bench.events.emplace_back(line);
    }
    way ways[] = {{"read", read_all, {}},
                  {"read_and_decide", read_and_decide_all, {}},
                  {"simdjson", simdjson_all, {}},
                  {"copy", copy_all, {}}};
    for (int round = 0; round <= rounds; round++) {
        for (way &way : ways) {
            const double start = cpu_nanoseconds();
            way.run(bench);
            const double spent = cpu_nanoseconds() - start;
            if (round > 0) { // the first one warms up
                way.times.push_back(spent);
            }
        }
    }
    const double events = static_cast<double>(bench.events.size());
    std::printf("{\"bytes_per_event\": %.0f, \"simdjson_kernel\": \"%s\", \"unread\": %zu",
                static_cast<double>(bytes) / events, simdjson::get_active_implementation()->name().c_str(),
                bench.unread);
    for (const way &way : ways) {
        std::printf(", \"%s_ns\": %.1f", way.name, median(way.times) / events);
    }
    std::printf("}\n");
    sluice_decider_free(bench.decider);
    sluice_program_free(bench.program);
    return bench.unread > 0;
}
