"""The services' public Python packages against `docproof mock`, requests signed by a pair of keys.

Takes the path of the program: `.ci/sdk` makes the environment and starts this.
"""

import contextlib
import subprocess
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdcs.v2 import (
    BackupInstanceBody,
    CopyInstanceRequest,
    DcsClient,
    ListBackupRecordsRequest,
)
from huaweicloudsdkgaussdbforopengauss.v3 import (
    CreateManualBackupRequest,
    CreateManualBackupRequestBody,
    GaussDBforopenGaussClient,
)

ACCESS_KEY = "AKOFTHISTEST00000001"
SECRET_KEY = "SecretKeyOfThisTest+/=0123456789"
SECURITY_TOKEN = "security-token-of-this-test=="


@contextlib.contextmanager
def mock(program, *options):
    """A mock on a free port: its URL, and its resources by key."""
    command = [program, "mock", "--port", "0", "--print-resources", "--ak", ACCESS_KEY, "--sk", SECRET_KEY]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            resources = {}
            for line in process.stdout:
                if line.startswith("listening "):
                    yield line.split()[1], resources
                    return
                key, _, value = line.strip().partition("=")
                resources[key] = value
            raise SystemExit("the mock ended before it listened")
        finally:
            process.terminate()


def clients(url, resources, access_key=ACCESS_KEY, secret_key=SECRET_KEY, security_token=None):
    credentials = BasicCredentials(access_key, secret_key, resources["project_id"])
    if security_token is not None:
        credentials.with_security_token(security_token)
    return tuple(
        kind.new_builder().with_credentials(credentials).with_endpoint(url).build()
        for kind in (DcsClient, GaussDBforopenGaussClient)
    )


def refused(call, *arguments):
    """The status of a call that has to be refused, and what is said of it."""
    try:
        call(*arguments)
    except ClientRequestException as error:
        return error.status_code, error.error_msg
    raise AssertionError("the call was not refused")


def accepted(url, resources, **keys):
    dcs, gaussdb = clients(url, resources, **keys)
    instance = resources["dcs.instance_id"]
    body = BackupInstanceBody(remark="手动 é + %2F", backup_format="rdb")
    made = dcs.copy_instance(CopyInstanceRequest(instance_id=instance, body=body))
    assert made.backup_id, made

    listed = dcs.list_backup_records(
        ListBackupRecordsRequest(instance_id=instance, offset=0, limit=1000)
    )
    mine = [record for record in listed.backup_record_response if record.backup_id == made.backup_id]
    assert len(mine) == 1 and mine[0].remark == body.remark, mine
    assert listed.total_num == len(listed.backup_record_response), listed.total_num
    window = ListBackupRecordsRequest(
        instance_id=instance, begin_time="20000101000000", end_time="20000102000000"
    )
    assert not dcs.list_backup_records(window).backup_record_response
    empty = ListBackupRecordsRequest(instance_id=resources["dcs.empty_instance_id"])
    assert dcs.list_backup_records(empty).status_code == 204

    backup = CreateManualBackupRequestBody(
        instance_id=resources["gaussdb.instance_id"], name="backup-of-this-test", description="one, two"
    )
    made = gaussdb.create_manual_backup(CreateManualBackupRequest(body=backup))
    assert made.job_id and made.backup.name == backup.name, made

    status, _ = refused(
        dcs.copy_instance,
        CopyInstanceRequest(instance_id=instance, body=BackupInstanceBody(backup_format="zip")),
    )
    assert status == 400, status


def main(program):
    with mock(program) as (url, resources):
        accepted(url, resources)
        request = ListBackupRecordsRequest(instance_id=resources["dcs.instance_id"])
        for keys in ({"secret_key": SECRET_KEY[::-1]}, {"access_key": ACCESS_KEY[::-1]}):
            dcs, _ = clients(url, resources, **keys)
            status, message = refused(dcs.list_backup_records, request)
            assert status == 401, (status, message)
            assert SECRET_KEY not in message and ACCESS_KEY not in message, message
    with mock(program, "--security-token", SECURITY_TOKEN) as (url, resources):
        accepted(url, resources, security_token=SECURITY_TOKEN)
        for token in (None, "another"):
            dcs, _ = clients(url, resources, security_token=token)
            assert refused(dcs.list_backup_records, request)[0] == 401
    print("the SDK and the mock agree: signed, temporary and wrong keys")


main(sys.argv[1])
