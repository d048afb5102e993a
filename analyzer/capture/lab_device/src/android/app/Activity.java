package android.app;

import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.view.ContextThemeWrapper;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.view.Window;
import com.android.internal.policy.PhoneWindow;
import lab.runtime.App;
import lab.runtime.PermissionDialog;
import lab.runtime.Permissions;

public class Activity extends ContextThemeWrapper {
    public static final int RESULT_OK = -1;
    public static final int RESULT_CANCELED = 0;

    private Application application;
    private Intent intent;
    private PhoneWindow window;
    private CharSequence title = "";
    private boolean finished;
    private boolean resumed;
    String mReferrer;

    public Activity() {}

    final void attach(Context context, Application owner, Intent startedBy) {
        attachBaseContext(context);
        application = owner;
        intent = startedBy;
        window = new PhoneWindow(this, App.packageName(), false);
        window.onBack = this::onBackPressed;
    }

    final PhoneWindow window() {
        return window;
    }

    final void performPause() {
        if (resumed || !finished) {
            resumed = false;
            onPause();
        }
    }

    final void performDestroy() {
        finished = true;
        onStop();
        onDestroy();
    }

    private void dispatchRequestPermissionsResult(int requestCode, Intent data) {
        if (data == null) {
            onRequestPermissionsResult(requestCode, new String[0], new int[0]);
        }
    }

    public boolean dispatchTouchEvent(MotionEvent ev) {
        return ev != null && window != null && window.getDecorView() != null;
    }

    protected void onCreate(Bundle savedInstanceState) {}

    protected void onStart() {}

    protected void onRestart() {}

    protected void onUserLeaveHint() {}

    protected void onResume() {
        resumed = true;
    }

    protected void onPause() {}

    protected void onStop() {}

    protected void onDestroy() {}

    protected void onNewIntent(Intent intent) {}

    protected void onActivityResult(int requestCode, int resultCode, Intent data) {}

    public void onWindowFocusChanged(boolean hasFocus) {}

    public void onBackPressed() {
        finish();
    }

    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {}

    public final void requestPermissions(String[] permissions, int requestCode) {
        if (requestCode < 0) {
            throw new IllegalArgumentException("requestCode should be >= 0");
        }
        PermissionDialog.ask(this, permissions, requestCode);
    }

    public boolean shouldShowRequestPermissionRationale(String permission) {
        return Permissions.needsDialog(permission) && checkSelfPermission(permission) == PackageManager.PERMISSION_DENIED;
    }

    public void setContentView(View view) {
        window.setContentView(view);
    }

    public void setContentView(View view, ViewGroup.LayoutParams params) {
        window.setContentView(view, params);
    }

    public Window getWindow() {
        return window;
    }

    @SuppressWarnings("unchecked")
    public <T extends View> T findViewById(int id) {
        return (T) window.getDecorView().findViewById(id);
    }

    public final Application getApplication() {
        return application;
    }

    public Intent getIntent() {
        return intent;
    }

    public void setTitle(CharSequence title) {
        this.title = title;
    }

    public final CharSequence getTitle() {
        return title;
    }

    public void finish() {
        if (!finished) {
            finished = true;
            window.getDecorView().post(() -> ActivityThread.finish(this));
        }
    }

    public void finishAffinity() {
        finish();
    }

    public boolean isFinishing() {
        return finished;
    }

    public boolean isDestroyed() {
        return finished;
    }

    public boolean moveTaskToBack(boolean nonRoot) {
        window.getDecorView().post(() -> ActivityThread.setForeground(false));
        return true;
    }

    public final void runOnUiThread(Runnable action) {
        if (Thread.currentThread() == getMainLooper().getThread()) {
            action.run();
        } else {
            window.getDecorView().post(action);
        }
    }
}
