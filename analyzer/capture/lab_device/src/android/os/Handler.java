package android.os;

public class Handler {
    private final Looper looper;
    private final Callback callback;

    public interface Callback {
        boolean handleMessage(Message msg);
    }

    public Handler() {
        this(Looper.myLooper());
    }

    public Handler(Looper looper) {
        this(looper, null);
    }

    public Handler(Looper looper, Callback callback) {
        if (looper == null) {
            throw new RuntimeException("Can't create handler inside thread that has not called Looper.prepare()");
        }
        this.looper = looper;
        this.callback = callback;
    }

    public void handleMessage(Message msg) {}

    public void dispatchMessage(Message msg) {
        if (msg.callback != null) {
            msg.callback.run();
        } else if (callback == null || !callback.handleMessage(msg)) {
            handleMessage(msg);
        }
    }

    public final Message obtainMessage() {
        return obtainMessage(0);
    }

    public final Message obtainMessage(int what) {
        Message message = new Message();
        message.what = what;
        message.target = this;
        return message;
    }

    public final Message obtainMessage(int what, Object obj) {
        Message message = obtainMessage(what);
        message.obj = obj;
        return message;
    }

    public final boolean post(Runnable r) {
        return postDelayed(r, 0);
    }

    public final boolean postDelayed(Runnable r, long delayMillis) {
        Message message = obtainMessage();
        message.callback = r;
        return sendMessageDelayed(message, delayMillis);
    }

    public final boolean sendMessage(Message msg) {
        return sendMessageDelayed(msg, 0);
    }

    public final boolean sendEmptyMessage(int what) {
        return sendMessage(obtainMessage(what));
    }

    public final boolean sendEmptyMessageDelayed(int what, long delayMillis) {
        return sendMessageDelayed(obtainMessage(what), delayMillis);
    }

    public final boolean sendMessageDelayed(Message msg, long delayMillis) {
        return sendMessageAtTime(msg, SystemClock.uptimeMillis() + Math.max(0, delayMillis));
    }

    public boolean sendMessageAtTime(Message msg, long uptimeMillis) {
        msg.target = this;
        msg.when = uptimeMillis;
        return looper.queue.enqueue(msg);
    }

    public final boolean sendMessageAtFrontOfQueue(Message msg) {
        msg.target = this;
        msg.when = 0;
        return looper.queue.enqueue(msg);
    }

    public final void removeCallbacks(Runnable r) {
        looper.queue.remove(this, r, false);
    }

    public final void removeMessages(int what) {
        looper.queue.removeWhat(this, what);
    }

    public final void removeCallbacksAndMessages(Object token) {
        looper.queue.remove(this, null, true);
    }

    public final Looper getLooper() {
        return looper;
    }
}
