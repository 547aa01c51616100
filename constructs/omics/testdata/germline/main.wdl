version 1.1

workflow germline {
  input {
    File reads
  }
}
