/* SPDX-License-Identifier: MIT */
/*
 * kinds_cxx.cc - which locks does C++ have?
 *
 * std::mutex has a constexpr constructor and no destructor: no init or destroy call ever reaches
 * the pthread library, so the first lock() is the first that anybody hears of it.
 */
#include <chrono>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <system_error>

#include "kinds.h"

namespace
{

template <class M> M &as(union lock_store *l)
{
    return *reinterpret_cast<M *>(l->cxx);
}

template <class M> void init(union lock_store *l)
{
    static_assert(sizeof(M) <= sizeof(l->cxx), "the store is too small");
    new (l->cxx) M;
}

template <class M> void destroy(union lock_store *l)
{
    as<M>(l).~M();
}

template <class M> int lock(union lock_store *l)
{
    try {
        as<M>(l).lock();
        return 0;
    } catch (const std::system_error &e) {
        return e.code().value();
    }
}

template <class M> int unlock(union lock_store *l)
{
    as<M>(l).unlock();
    return 0;
}

template <class M> int try_lock(union lock_store *l)
{
    return as<M>(l).try_lock() ? 0 : 1;
}

template <class M> int timed_lock(union lock_store *l, const struct timespec *)
{
    return as<M>(l).try_lock_for(std::chrono::seconds(5)) ? 0 : 1;
}

template <class M> int read_lock(union lock_store *l)
{
    as<M>(l).lock_shared();
    return 0;
}

template <class M> int read_unlock(union lock_store *l)
{
    as<M>(l).unlock_shared();
    return 0;
}

template <class M> constexpr kind plain(const char *name)
{
    return {name, init<M>, destroy<M>, lock<M>, unlock<M>, try_lock<M>, nullptr, nullptr, nullptr};
}

template <class M> constexpr kind timed(const char *name)
{
    kind k = plain<M>(name);

    k.timed_lock = timed_lock<M>;
    return k;
}

template <class M> constexpr kind shared(kind k)
{
    k.read_lock = read_lock<M>;
    k.read_unlock = read_unlock<M>;
    return k;
}

} // namespace

extern "C" const struct kind kinds[] = {
    plain<std::mutex>("std-mutex"),
    plain<std::recursive_mutex>("std-recursive"),
    timed<std::timed_mutex>("std-timed"),
    timed<std::recursive_timed_mutex>("std-recursive-timed"),
    shared<std::shared_mutex>(plain<std::shared_mutex>("std-shared")),
    shared<std::shared_timed_mutex>(timed<std::shared_timed_mutex>("std-shared-timed")),
    {},
};
