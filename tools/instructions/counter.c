// Counts the instructions that an emulated program executes: a plugin of qemu, whose interface
// (version 1) is declared here as far as it is used, for Debian has no header of it.
#include <inttypes.h>
#include <stdio.h>

typedef uint64_t Plugin;
struct qemu_plugin_tb;  // instructions that are executed one after the other
typedef void (*OnBlock)(Plugin, struct qemu_plugin_tb*);
typedef void (*OnExit)(Plugin, void*);
void qemu_plugin_register_vcpu_tb_trans_cb(Plugin, OnBlock);
void qemu_plugin_register_atexit_cb(Plugin, OnExit, void*);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb*, int, void*, uint64_t);
enum { kAdd = 0 };

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
static uint64_t executed;

static void on_block(Plugin plugin, struct qemu_plugin_tb* block) {
    (void)plugin;
    qemu_plugin_register_vcpu_tb_exec_inline(block, kAdd, &executed, qemu_plugin_tb_n_insns(block));
}
static void on_exit_(Plugin plugin, void* nothing) {
    (void)plugin, (void)nothing;
    fprintf(stderr, "%" PRIu64 "\n", executed);
}

__attribute__((visibility("default"))) int qemu_plugin_install(Plugin plugin, const void* machine,
                                                               int count, char** arguments) {
    (void)machine, (void)count, (void)arguments;
    qemu_plugin_register_vcpu_tb_trans_cb(plugin, on_block);
    qemu_plugin_register_atexit_cb(plugin, on_exit_, NULL);
    return 0;
}
