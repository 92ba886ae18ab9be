use std::cell::RefCell;
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on panics are remembered: one inside of a task ends that task only, and no test
/// would see it.
pub(crate) fn watch() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            LAST.with_borrow_mut(|last| last.get_or_insert_with(|| info.to_string()).truncate(500));
            before(info);
        }));
    });
    take();
}

/// The first panic of this thread since the last time.
pub(crate) fn take() -> Option<String> {
    LAST.take()
}
