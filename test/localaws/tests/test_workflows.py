"""State machines, rules and their targets, and what a workflow can rely on here."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, OTHER, CloudTest, client, resource
from .control import (
    KEY,
    ROLE,
    advance,
    bucket,
    dicom,
    finished,
    messages,
    one,
    page,
    run,
    script,
    sdk,
)

GOOD = json.dumps({"resourceType": "Patient", "id": "p"})


def queue(name: str) -> str:
    url: str = client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return url


def arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


class States(CloudTest):
    def test_waits_cost_nothing(self) -> None:
        began = datetime.fromisoformat(page("clock")["time"])
        end = run(one({"Type": "Wait", "Seconds": 36000}), "wait")
        self.assertEqual(end["status"], "SUCCEEDED")
        passed = datetime.fromisoformat(page("clock")["time"]) - began
        self.assertGreaterEqual(passed, timedelta(hours=10))

    def test_intrinsics_and_variables(self) -> None:
        definition = {
            "StartAt": "A",
            "States": {
                "A": {"Type": "Pass", "Assign": {"v": {"a": [1, 2]}}, "Next": "B"},
                "B": {
                    "Type": "Pass",
                    "Parameters": {
                        "v.$": "$v.a[1]",
                        "i.$": "$.i[0].k",
                        "f.$": "States.Format('{}-{}', $.x, States.ArrayLength($.l))",
                        "m.$": "States.JsonMerge($.o, $.o, false)",
                        "h.$": "States.Hash('x', 'SHA-1')",
                    },
                    "End": True,
                },
            },
        }
        end = run(definition, "intrinsics", {"x": "a", "l": [1, 2], "o": {"k": 1}, "i": [{"k": 3}]})
        output = json.loads(end["output"])
        self.assertEqual((output["v"], output["f"], output["m"]), (2, "a-2", {"k": 1}))
        self.assertEqual(output["i"], 3)

    def test_jsonata(self) -> None:
        text = 'Müller\'s "50%" \\ + 😀/b'
        encoded = "M%C3%BCller's%20%2250%25%22%20%5C%20%2B%20%F0%9F%98%80/b"
        state = {
            "Type": "Pass",
            "QueryLanguage": "JSONata",
            "Output": {
                "url": "{% $replace($encodeUrlComponent($states.input.key), '%2F', '/') %}",
                "key": "{% $states.input.key %}",
                "plain": True,
            },
        }
        end = run(one(state), "jsonata", {"key": text})
        output = json.loads(end["output"])
        self.assertEqual(output, {"url": encoded, "key": text, "plain": True})

    def test_a_task_calls_with_a_role_that_trusts_the_machine(self) -> None:
        def machine(name: str, account: str, role: str, definition: Any) -> str:
            made: str = client("stepfunctions", account).create_state_machine(
                name=name, definition=json.dumps(definition), roleArn=role
            )["stateMachineArn"]
            return made

        def policy(**statement: Any) -> str:
            allowed = {"Effect": "Allow", **statement}
            return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})

        looks = f"arn:aws:iam::{ACCOUNT}:role/looks"
        shown = f"arn:aws:iam::{OTHER}:role/shown"
        other = machine("looked-at", OTHER, shown, one({"Type": "Pass"}))
        look = sdk("sfn:listExecutions", StateMachineArn=other)
        own = machine("looks", ACCOUNT, looks, one({**look, "Credentials": {"RoleArn": shown}}))

        def end() -> tuple[str, str]:
            started = client("stepfunctions").start_execution(stateMachineArn=own)
            found = finished(started["executionArn"])
            return found["status"], found.get("error", "")

        denied = ("FAILED", "Sfn.SfnException")
        iam, there = client("iam"), client("iam", OTHER)
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        nobody = policy(Action="sts:AssumeRole", Principal={"Service": "states.amazonaws.com"})
        iam.create_role(RoleName="looks", AssumeRolePolicyDocument=nobody)
        self.assertEqual(end(), denied)  # there is no such role
        there.create_role(RoleName="shown", AssumeRolePolicyDocument=nobody)
        may = policy(Action="sts:AssumeRole", Resource=shown)
        iam.put_role_policy(RoleName="looks", PolicyName="may", PolicyDocument=may)
        self.assertEqual(end(), denied)  # it trusts somebody else
        for arn, expected in ((f"{looks}2", denied), (looks, ("SUCCEEDED", ""))):
            condition = {"ArnEquals": {"aws:PrincipalArn": [arn]}}
            trust = policy(Action="sts:AssumeRole", Principal=root, Condition=condition)
            there.update_assume_role_policy(RoleName="shown", PolicyDocument=trust)
            self.assertEqual(end(), expected)
        iam.delete_role_policy(RoleName="looks", PolicyName="may")
        self.assertEqual(end(), denied)  # the machine's role may not

    def test_what_no_machine_is_made_of(self) -> None:
        done = {"Type": "Succeed"}
        inner = {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": done}}}
        for states, problem in (
            ({"A": {**inner, "End": True}}, "DUPLICATE_STATE_NAME: .*: A at /States/A/Item"),
            ({"A": {"Type": "Pass", "Next": "B"}}, "MISSING_TRANSITION_TARGET: Missing.*: B at "),
            ({"A": done, "B": done}, 'State "B" is not reachable'),
            ({"B": done}, "Missing target: A at /StartAt"),
            ({"A": {"Type": "Pass", "Next": "B" * 81}, "B" * 81: done}, "too long a name"),
            ({"A": {**done, "Comment": "c" * 1024 * 1024}}, "larger than 1048576 bytes"),
        ):
            with self.assertRaisesRegex(ClientError, problem):
                run({"StartAt": "A", "States": states}, "refused")
        known = client("stepfunctions").create_state_machine(
            name="changed", definition=json.dumps(one({"Type": "Pass"})), roleArn=ROLE
        )["stateMachineArn"]
        with self.assertRaisesRegex(ClientError, "Missing target"):
            client("stepfunctions").update_state_machine(
                stateMachineArn=known,
                definition=json.dumps({"StartAt": "B", "States": {"A": done}}),
            )

    def test_data_is_limited(self) -> None:
        bucket("data-is-limited", large="x" * 256 * 1024)
        read = sdk("s3:getObject", Bucket="data-is-limited", Key="large.ndjson")
        every = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
        caught = {
            "StartAt": "Read",
            "States": {
                "Read": {**read, "Catch": every, "End": True},
                "Caught": {"Type": "Succeed"},
            },
        }
        end = run({**caught}, "too-large-an-answer")
        self.assertEqual((end["status"], end["error"]), ("FAILED", "States.DataLimitExceeded"))
        # What is selected of the answer does not make it smaller.
        selected = {**read, "ResultSelector": {"n.$": "$.ContentLength"}}
        self.assertEqual(run(one(selected), "selected")["error"], "States.DataLimitExceeded")
        # It is caught by its own name.
        every[0]["ErrorEquals"] = ["States.DataLimitExceeded"]
        self.assertEqual(run(caught, "caught-by-name")["status"], "SUCCEEDED")
        body = {"all.$": "States.Format('{}{}', $.half, $.half)"}
        write = sdk("s3:putObject", Bucket="data-is-limited", Key="k", Body=body)
        end = run(one(write), "too-large-a-parameter", {"half": "x" * 200_000})
        self.assertEqual(end["error"], "States.DataLimitExceeded")

    def test_copy_sources_are_encoded(self) -> None:
        s3 = client("s3")
        s3.create_bucket(Bucket="copied")
        for key in ("plain", "a b", "a+b", "Müller", "50%"):
            s3.put_object(Bucket="copied", Key=key, Body=key.encode())
        for number, (source, error) in enumerate(
            (
                ("plain", None),
                ("a%20b", None),
                ("a%2Bb", None),
                ("M%C3%BCller", None),
                ("50%25", None),
                ("a b", "S3.S3Exception"),
                ("a+b", None),  # which is "a b"
                ("c+b", "S3.NoSuchKeyException"),
                ("Müller", "S3.S3Exception"),
                ("50%", "S3.S3Exception"),
            )
        ):
            task = sdk("s3:copyObject", Bucket="copied", Key="to", CopySource=f"copied/{source}")
            end = run(one(task), f"copies-{number}")
            self.assertEqual(end.get("error"), error, source)
            if source == "a+b":
                body = s3.get_object(Bucket="copied", Key="to")["Body"].read()
                self.assertEqual(body, b"a b")

    def test_sdk_tasks(self) -> None:
        client("glue").create_database(DatabaseInput={"Name": "sdk_tasks"})
        end = run(one(sdk("glue:getDatabase", Name="sdk_tasks")), "sdk")
        self.assertEqual(json.loads(end["output"])["Database"]["Name"], "sdk_tasks")
        wrongs: tuple[dict[str, Any], ...] = ({"name": "x"}, {"Nam": "x"}, {}, {"Name": 1})
        for number, wrong in enumerate(wrongs):
            end = run(one(sdk("glue:getDatabase", **wrong)), f"wrong-{number}")
            self.assertEqual(end["error"], "States.Runtime", end)
        end = run(one(sdk("medicalimaging:listDatastores", MaxResults=5)), "camel")
        self.assertIn("DatastoreSummaries", json.loads(end["output"]))

    def test_errors_are_caught_by_name(self) -> None:
        lost = {"Catch": [{"ErrorEquals": ["HealthLake.ResourceNotFoundException"], "Next": "B"}]}
        definition = {
            "StartAt": "A",
            "States": {
                "A": {
                    **sdk("healthlake:describeFHIRDatastore", DatastoreId="0" * 32),
                    **lost,
                    "End": True,
                },
                "B": {"Type": "Pass", "Result": {"caught": True}, "End": True},
            },
        }
        self.assertEqual(json.loads(run(definition, "caught")["output"]), {"caught": True})

    def test_throttling_is_retried(self) -> None:
        script({"operation": "ListFHIRDatastores", "error": "ThrottlingException", "times": 3})
        retry = {
            "ErrorEquals": ["HealthLake.ThrottlingException"],
            "IntervalSeconds": 60,
            "MaxAttempts": 5,
            "BackoffRate": 2,
        }
        task = {**sdk("healthlake:listFHIRDatastores"), "Retry": [retry]}
        self.assertEqual(run(one(task), "retried")["status"], "SUCCEEDED")
        self.assertEqual(page("script"), [])

    def test_other_account(self) -> None:
        client("glue", OTHER).create_database(DatabaseInput={"Name": "theirs"})
        states = client("stepfunctions", OTHER)
        machine = states.create_state_machine(
            name="theirs",
            definition=json.dumps(one(sdk("glue:getDatabases"))),
            roleArn=f"arn:aws:iam::{OTHER}:role/r",
        )["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine)["executionArn"]
        end = finished(execution, states)
        names = [d["Name"] for d in json.loads(end["output"])["DatabaseList"]]
        self.assertIn("theirs", names)

    def test_nested_and_sync(self) -> None:
        states = client("stepfunctions")
        child = states.create_state_machine(
            name="child",
            definition=json.dumps(one({"Type": "Wait", "Seconds": 3600})),
            roleArn=ROLE,
        )["stateMachineArn"]
        for suffix, kind in (("", dict), (".sync:2", dict)):
            task = {
                "Type": "Task",
                "Resource": f"arn:aws:states:::states:startExecution{suffix}",
                "Parameters": {"StateMachineArn": child, "Input": {"x": 1}},
            }
            end = run(one(task), f"parent{suffix.replace('.', '-').replace(':', '-')}")
            self.assertIsInstance(json.loads(end["output"]), kind)
        self.assertEqual(json.loads(end["output"])["Output"], {"x": 1})
        client("s3").create_bucket(Bucket="athena-sync")
        query = {
            "Type": "Task",
            "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
            "Parameters": {
                "QueryString": "SELECT 1",
                "ResultConfiguration": {"OutputLocation": "s3://athena-sync/"},
            },
        }
        output = json.loads(run(one(query), "athena")["output"])
        self.assertEqual(output["QueryExecution"]["Status"]["State"], "SUCCEEDED")


class Rules(CloudTest):
    """Events reach targets."""

    def _rule(self, name: str, pattern: Any, state: str = "ENABLED", **target: Any) -> None:
        events = client("events")
        events.put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)
        events.put_targets(Rule=name, Targets=[{"Id": "t", **target}])
        self.addCleanup(events.delete_rule, Name=name)
        self.addCleanup(events.remove_targets, Rule=name, Ids=["t"])

    def _put(self, source: str, detail: Any) -> None:
        entry = {"Source": source, "DetailType": "Thing", "Detail": json.dumps(detail)}
        self.assertEqual(client("events").put_events(Entries=[entry])["FailedEntryCount"], 0)

    def test_inputs(self) -> None:
        url = queue("inputs")
        pattern = {"source": ["test.inputs"]}
        transformer = {
            "InputPathsMap": {"n": "$.detail.n", "s": "$.detail.s", "o": "$.detail.o"},
            "InputTemplate": '{"n": <n>, "s": <s>, "o": <o>, "text": "got <s>: <n>", "t": "<aws.events.rule-name>"}',
        }
        targets = {
            "whole": {},
            "constant": {"Input": '{"k": 1}'},
            "part": {"InputPath": "$.detail"},
            "template": {"InputTransformer": transformer},
        }
        found = {}
        for name, how in targets.items():
            self._rule(f"inputs-{name}", {**pattern, "detail": {"to": [name]}}, Arn=arn("inputs"), **how)
            self._put("test.inputs", {"to": name, "n": 3, "s": 'a "b"', "o": {"k": [1]}})
            found[name] = messages(url, 1)[0]
        self.assertEqual(found["whole"]["source"], "test.inputs")
        self.assertRegex(found["whole"]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(found["constant"], {"k": 1})
        self.assertEqual(found["part"]["n"], 3)
        self.assertEqual(
            found["template"],
            {
                "n": 3,
                "s": 'a "b"',
                "o": {"k": [1]},
                "text": 'got a "b": 3',
                "t": "inputs-template",
            },
        )

    def test_disabled_and_unknown(self) -> None:
        url = queue("quiet")
        self._rule("quiet", {"source": ["test.quiet"]}, state="DISABLED", Arn=arn("quiet"))
        function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
        self._rule("function", {"source": ["test.quiet"]}, Arn=function)
        self._put("test.quiet", {})
        listed = [d for d in page("deliveries") if d["target"] == function]
        self.assertEqual([d["outcome"] for d in listed], ["not run here"])
        self.assertNotIn("Messages", client("sqs").receive_message(QueueUrl=url))

    def test_topics_and_buses(self) -> None:
        url = queue("fan")
        sns = client("sns")
        topic = sns.create_topic(Name="fan")["TopicArn"]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn("fan"),
            Attributes={"RawMessageDelivery": "true"},
        )
        self._rule("fan", {"source": ["test.fan"]}, Arn=topic, InputPath="$.detail")
        self._put("test.fan", {"n": 1})
        self.assertEqual(messages(url, 1), [{"n": 1}])
        events = client("events")
        bus = events.create_event_bus(Name="side")["EventBusArn"]
        self.addCleanup(events.delete_event_bus, Name="side")
        events.put_rule(
            Name="side", EventBusName="side", EventPattern='{"source": ["test.side"]}'
        )
        events.put_targets(
            Rule="side", EventBusName="side", Targets=[{"Id": "q", "Arn": arn("fan")}]
        )
        self.addCleanup(events.delete_rule, Name="side", EventBusName="side")
        self.addCleanup(events.remove_targets, Rule="side", EventBusName="side", Ids=["q"])
        self._rule("forward", {"source": ["test.side"]}, Arn=bus)
        self._put("test.side", {"n": 2})
        self.assertEqual(messages(url, 1)[0]["detail"], {"n": 2})

    def test_schedules_do_not_match(self) -> None:
        url = queue("schedule")
        events = client("events")
        events.put_rule(Name="schedule", ScheduleExpression="rate(1 day)")
        events.put_targets(Rule="schedule", Targets=[{"Id": "q", "Arn": arn("schedule")}])
        self.addCleanup(events.delete_rule, Name="schedule")
        self.addCleanup(events.remove_targets, Rule="schedule", Ids=["q"])
        self._put("test.schedule", {})
        self.assertNotIn("Messages", client("sqs").receive_message(QueueUrl=url))

    def test_dead_letter(self) -> None:
        url = queue("dead")
        gone = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:gone"
        self._rule(
            "dead", {"source": ["test.dead"]}, Arn=gone, DeadLetterConfig={"Arn": arn("dead")}
        )
        self._put("test.dead", {"n": 1})
        self.assertEqual(messages(url, 1)[0]["detail"], {"n": 1})

    def test_objects_start_state_machines(self) -> None:
        url = queue("objects")
        task = sdk("sqs:sendMessage", QueueUrl=url, **{"MessageBody.$": "States.JsonToString($)"})
        machine = client("stepfunctions").create_state_machine(
            name="objects", definition=json.dumps(one(task)), roleArn=ROLE
        )["stateMachineArn"]
        pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["objects-in"]}}}
        self._rule("objects", pattern, Arn=machine, InputPath="$.detail.object", RoleArn=ROLE)
        s3 = client("s3")
        s3.create_bucket(Bucket="objects-in")
        s3.put_object(Bucket="objects-in", Key="before", Body=b"")
        s3.put_bucket_notification_configuration(
            Bucket="objects-in", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        s3.put_object(Bucket="objects-in", Key="after.ndjson", Body=b"x")
        self.assertEqual([m["key"] for m in messages(url, 1)], ["after.ndjson"])

    def test_health_events(self) -> None:
        url = queue("health")
        self._rule("health", {"source": ["aws.healthlake"]}, Arn=arn("health"))
        lake = client("healthlake")
        store = lake.create_fhir_datastore(DatastoreTypeVersion="R4", DatastoreName="ev")
        identity = store["DatastoreId"]
        lake.describe_fhir_datastore(DatastoreId=identity)
        bucket("health-events", in__a=GOOD)
        script({"operation": "StartFHIRImportJob", "seconds": 60})
        job = lake.start_fhir_import_job(
            DatastoreId=identity,
            InputDataConfig={"S3Uri": "s3://health-events/in"},
            JobOutputDataConfig={
                "S3Configuration": {"S3Uri": "s3://health-events/out", "KmsKeyId": KEY}
            },
            DataAccessRoleArn=ROLE,
        )
        advance(60)
        seen = messages(url, 5)
        self.assertEqual(
            [event["detail-type"] for event in seen],
            [
                "Data Store Creating",
                "Data Store Active",
                "Import Job Submitted",
                "Import Job In Progress",
                "Import Job Completed",
            ],
        )
        self.assertEqual(seen[1]["resources"], [store["DatastoreArn"]])
        self.assertEqual(seen[1]["detail"]["datastoreName"], "ev")
        self.assertEqual(seen[4]["detail"]["jobId"], job["JobId"])
        self.assertEqual(
            seen[4]["detail"]["inputDataConfig"], {"s3Uri": "s3://health-events/in"}
        )


    def test_imaging_events(self) -> None:
        url = queue("imaging")
        self._rule("imaging", {"source": ["aws.medical-imaging"]}, Arn=arn("imaging"))
        create = sdk("medicalimaging:createDatastore", DatastoreName="d", ClientToken="ev")
        store = json.loads(run(one(create), "imaging-create")["output"])["DatastoreId"]
        client("s3").create_bucket(Bucket="imaging-events")
        body = dicom(StudyInstanceUID="1", SeriesInstanceUID="1.1", SOPInstanceUID="1.1.1")
        client("s3").put_object(Bucket="imaging-events", Key="in/a.dcm", Body=body)
        wait = {"Type": "Wait", "Seconds": 60, "Next": "Only"}
        task = sdk(
            "medicalimaging:startDICOMImportJob",
            DatastoreId=store,
            ClientToken="ev",
            DataAccessRoleArn=ROLE,
            InputS3Uri="s3://imaging-events/in/",
            OutputS3Uri="s3://imaging-events/out/",
        )
        definition = one(task)
        definition["States"]["Wait"], definition["StartAt"] = wait, "Wait"
        self.assertEqual(run(definition, "imaging-import")["status"], "SUCCEEDED")
        seen = messages(url, 6)
        self.assertEqual(
            [event["detail-type"] for event in seen],
            [
                "Data Store Creating",
                "Data Store Created",
                "Import Job Submitted",
                "Import Job In Progress",
                "Image Set Created",
                "Import Job Completed",
            ],
        )
        self.assertEqual(seen[5]["detail"]["jobStatus"], "COMPLETED")
        self.assertTrue(seen[4]["resources"][0].endswith(seen[4]["detail"]["imagesetId"]))


class Stack(CloudTest):
    """A whole workflow by CloudFormation."""

    def test_import_workflow(self) -> None:
        script(
            {"operation": "CreateFHIRDatastore", "seconds": 900},
            {"operation": "StartFHIRImportJob", "error": "ThrottlingException", "times": 2},
            {"operation": "StartFHIRImportJob", "seconds": 3000, "failures": 1},
        )
        lines = [json.dumps({"resourceType": "Patient", "id": str(n)}) for n in range(3)]
        bucket("wf-data", in__a="\n".join(lines))
        start = sdk(
            "healthlake:startFHIRImportJob",
            **{
                "DatastoreId": "${Store}",
                "ClientToken.$": "$$.Execution.Name",
                "InputDataConfig": {"S3Uri": "s3://wf-data/in"},
                "JobOutputDataConfig": {
                    "S3Configuration": {"S3Uri": "s3://wf-data/out", "KmsKeyId": KEY}
                },
                "DataAccessRoleArn": ROLE,
            },
        )
        look = sdk(
            "healthlake:describeFHIRImportJob",
            **{"DatastoreId": "${Store}", "JobId.$": "$.job.JobId"},
        )
        running = [
            {"Variable": "$.now.ImportJobProperties.JobStatus", "StringEquals": s, "Next": "Wait"}
            for s in ("SUBMITTED", "QUEUED", "IN_PROGRESS")
        ]
        throttled = {
            "ErrorEquals": ["HealthLake.ThrottlingException"],
            "IntervalSeconds": 30,
            "MaxAttempts": 4,
        }
        tell = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {
                "QueueUrl": "${Queue}",
                "MessageBody.$": "$.now.ImportJobProperties",
            },
        }
        definition = {
            "StartAt": "Start",
            "States": {
                "Start": {**start, "Retry": [throttled], "ResultPath": "$.job", "Next": "Wait"},
                "Wait": {"Type": "Wait", "Seconds": 300, "Next": "Look"},
                "Look": {**look, "ResultPath": "$.now", "Next": "Done"},
                "Done": {"Type": "Choice", "Choices": running, "Default": "Tell"},
                "Tell": {**tell, "End": True},
            },
        }
        policy = {"Version": "2012-10-17", "Statement": []}
        self.deployed(
            {
                "Store": resource("AWS::HealthLake::FHIRDatastore", DatastoreTypeVersion="R4"),
                "Queue": resource("AWS::SQS::Queue"),
                "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=policy),
                "Machine": resource(
                    "AWS::StepFunctions::StateMachine",
                    RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
                    DefinitionString=json.dumps(definition),
                    DefinitionSubstitutions={"Store": {"Ref": "Store"}, "Queue": {"Ref": "Queue"}},
                ),
                "Rule": resource(
                    "AWS::Events::Rule",
                    EventPattern={"source": ["test.start"]},
                    Targets=[
                        {
                            "Id": "m",
                            "Arn": {"Ref": "Machine"},
                            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                        }
                    ],
                ),
            }
        )
        entry = {"Source": "test.start", "DetailType": "Go", "Detail": "{}"}
        client("events").put_events(Entries=[entry])
        (told,) = messages(self.physical("Queue"), 1)
        self.assertEqual(told["JobStatus"], "COMPLETED_WITH_ERRORS")
        self.assertEqual(told["JobProgressReport"]["TotalNumberOfResourcesImported"], 2)
        self.assertEqual(page("script"), [])
        (execution,) = client("stepfunctions").list_executions(
            stateMachineArn=self.physical("Machine")
        )["executions"]
        self.assertEqual(finished(execution["executionArn"])["status"], "SUCCEEDED")

    def test_functions_are_kept_not_run(self) -> None:
        role = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }

        def parts(memory: int, **more: Any) -> dict[str, Any]:
            function = resource(
                "AWS::Lambda::Function",
                Code={"ZipFile": "exports.handler = 1"},
                Handler="index.handler",
                Runtime="nodejs22.x",
                MemorySize=memory,
                Role={"Fn::GetAtt": ["Role", "Arn"]},
                **more,
            )
            name = {"Ref": "F"}
            return {
                "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=role),
                "Dead": resource("AWS::SQS::Queue"),
                "F": function,
                "P": resource(
                    "AWS::Lambda::Permission",
                    Action="lambda:InvokeFunction",
                    FunctionName=name,
                    Principal="events.amazonaws.com",
                ),
                "I": resource(
                    "AWS::Lambda::EventInvokeConfig",
                    FunctionName=name,
                    Qualifier="$LATEST",
                    MaximumRetryAttempts=0,
                ),
                "M": resource(
                    "AWS::Lambda::EventSourceMapping",
                    FunctionName=name,
                    EventSourceArn={"Fn::GetAtt": ["Dead", "Arn"]},
                ),
            }

        self.deployed(parts(128))
        self.deployed(parts(256, Timeout=30))
        name = self.physical("F")
        kept = client("lambda").get_function_configuration(FunctionName=name)
        self.assertEqual((kept["MemorySize"], kept["Timeout"]), (256, 30))
        self.deployed(parts(256))
        kept = client("lambda").get_function_configuration(FunctionName=name)
        self.assertEqual(kept["Timeout"], 3)
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
