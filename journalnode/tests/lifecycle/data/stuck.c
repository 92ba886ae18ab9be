/* Preloaded into a daemon: while $STUCK/accept4 or $STUCK/sync exists, such system calls do not come back. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void wait_for(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("STUCK"), name);
    while (access(path, F_OK) == 0) {
        usleep(1000);
    }
}

static int sync_by(const char *name, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    wait_for("sync");
    return real(fd);
}

int fsync(int fd) { return sync_by("fsync", fd); }

int fdatasync(int fd) { return sync_by("fdatasync", fd); }

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    wait_for("accept4");
    int (*real)(int, struct sockaddr *, socklen_t *, int) = dlsym(RTLD_NEXT, "accept4");
    return real(fd, address, length, flags);
}
