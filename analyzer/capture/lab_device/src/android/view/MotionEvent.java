package android.view;

public final class MotionEvent {
    public static final int ACTION_DOWN = 0;
    public static final int ACTION_UP = 1;
    public static final int ACTION_MOVE = 2;
    private final int action;
    private final float x;
    private final float y;

    private MotionEvent(int action, float x, float y) {
        this.action = action;
        this.x = x;
        this.y = y;
    }

    public static MotionEvent obtain(long downTime, long eventTime, int action, float x, float y, int metaState) {
        return new MotionEvent(action, x, y);
    }

    public final int getAction() {
        return action;
    }

    public final int getActionMasked() {
        return action;
    }

    public final float getRawX() {
        return x;
    }

    public final float getRawY() {
        return y;
    }
}
