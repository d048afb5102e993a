package android.content;

public abstract class BroadcastReceiver {
    public BroadcastReceiver() {}

    public abstract void onReceive(Context context, Intent intent);

    /** What is known of a broadcast that is under way. */
    public static class PendingResult {
        String mSentFromPackage;
    }
}
