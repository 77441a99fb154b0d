// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/json_writer.h"

#include <gtest/gtest.h>

#include "tests/checker/sample_report.h"

namespace flushdep {
namespace {

// Schema 1, to the letter: programs that we never see parse it.
TEST(JsonWriter, WholeRecord) {
  SampleReport sample;
  std::string text;
  WriteJson(sample.report, ToString(&text));
  EXPECT_EQ(
      text,
      R"({"schema":1,"kind":"runtime","rule":"FD003","severity":"error",)"
      R"("fingerprint":"0123456789abcdef",)"
      R"("message":"page pfn 0x5 freed while CPU 1 may still reach it","time":1234567890,)"
      R"("pid":42,"cpu":0,"mm":1,"pfn":5,"va":"0x7e9000003000","site":"/src/project/t.c:17:3",)"
      R"("events":[{"role":"free","cpu":0,"time":1234567890,"stack":[)"
      R"({"module":"/opt/t","build_id":"abcd","offset":4660,"function":"drop_page",)"
      R"("file":"/src/project/t.c","line":17,"column":3,"inlined":true},)"
      R"({"module":"/opt/t","build_id":"abcd","offset":4660,"function":"main",)"
      R"("file":"/src/project/t.c","line":40,"column":0,"inlined":false}]},)"
      R"({"role":"put","cpu":1,"time":1000,"stack":[)"
      R"({"module":"/opt/t","build_id":"abcd","offset":4660,"function":"main",)"
      R"("file":"/src/project/t.c","line":40,"column":0,"inlined":false},)"
      R"({"module":"/lib/libq.so","build_id":"","offset":153,"function":"","file":"","line":0,)"
      R"("column":0,"inlined":false}]},)"
      R"({"role":"flush","cpu":null,"time":null,"stack":[]}],)"
      R"("class":"","path":["err != 0"],"count":1})"
      "\n");
}

TEST(JsonWriter, StaticRecordHasNulls) {
  Report report;
  report.kind = ReportKind::Static;
  report.fingerprint = "0123456789abcdef";
  std::string text;
  WriteJson(report, ToString(&text));
  EXPECT_EQ(text,
            R"({"schema":1,"kind":"static","rule":"FD001","severity":"error",)"
            R"("fingerprint":"0123456789abcdef","message":"","time":null,"pid":null,"cpu":null,)"
            R"("mm":null,"pfn":null,"va":null,"site":"","events":[],"class":"","path":[],)"
            R"("count":1})"
            "\n");
}

TEST(JsonWriter, EscapesWhatJsonCannotHold) {
  Report report;
  report.message = "a\"b\\c\nd\x01\xff\xc3\xa4\xed\xa0\x80";
  std::string text;
  WriteJson(report, ToString(&text));
  EXPECT_NE(text.find("\"message\":\"a\\\"b\\\\c\\u000ad\\u0001\\ufffd\xc3\xa4\\ufffd\\ufffd"
                      "\\ufffd\""),
            std::string::npos)
      << text;
}

TEST(JsonWriter, Header) {
  LogHeader header;
  header.version = "1.2";
  header.program = "/opt/t";
  header.pid = 3;
  header.cpus = 4;
  std::string text;
  WriteJsonHeader(header, ToString(&text));
  EXPECT_EQ(text, R"({"schema":1,"header":"flushdep","kind":"runtime","version":"1.2",)"
                  R"("program":"/opt/t","pid":3,"cpus":4})"
                  "\n");
}

}  // namespace
}  // namespace flushdep
